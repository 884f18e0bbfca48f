/**
 * The embedded engine and a real Redis answer the same to whatever they are asked.
 *
 * @module
 */

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CommandError, type RedisEngine, type Reply } from "../src/redis/engine.ts";
import { type BothEngines, startBothEngines } from "./both-engines.ts";
import { hasRedis } from "./redis-process.ts";
import { keys, type Sent, sequences } from "./redis-sequences.ts";

const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 10_000 : 300;

describe.skipIf(!hasRedis)("the embedded engine", () => {
  let both: BothEngines;

  beforeAll(async () => void (both = await startBothEngines()));
  afterAll(async () => await both[Symbol.asyncDispose]());

  it(
    "answers what Redis answers, and holds what Redis holds",
    async () => {
      const { embedded, real } = both;
      await fc.assert(
        fc.asyncProperty(sequences, fc.boolean(), async (commands, atomic) => {
          const asked = [...commands, ...keys.flatMap(look)];
          const [ours, theirs] = await Promise.all([answers(embedded, asked, atomic), answers(real, asked, atomic)]);

          expect(ours).toEqual(roughly(theirs));
        }),
        { numRuns: runs },
      );
    },
    runs * 200,
  );
});

/** Commands that show what is in a key, whatever its type. */
function look(key: Buffer): readonly Sent[] {
  const whole = [Buffer.from("0"), Buffer.from("-1")];
  return [
    ...["TYPE", "TTL", "GET", "HGETALL", "SMEMBERS"].map((name) => ({ name, args: [key] })),
    { name: "LRANGE", args: [key, ...whole] },
    { name: "ZRANGE", args: [key, ...whole, Buffer.from("WITHSCORES")] },
    { name: "XRANGE", args: [key, Buffer.from("-"), Buffer.from("+")] },
  ];
}

type Answers = string | readonly (readonly [line: string, answer: unknown])[];

/** What an engine answers, each with its command so that a difference can be read. */
async function answers(engine: RedisEngine, commands: readonly Sent[], atomic: boolean): Promise<Answers> {
  await engine.run([{ name: "FLUSHALL", args: [] }], { atomic: false });
  try {
    const replies = await engine.run(commands, { atomic });
    return commands.map((command, at) => [lineOf(command), comparable(command, replies[at] ?? null)] as const);
  } catch (error) {
    return String(error);
  }
}

function lineOf({ name, args }: Sent): string {
  return [name, ...args.map((arg) => JSON.stringify(arg.toString("latin1")))].join(" ");
}

/** Nobody promises the order of these. */
const unordered = new Set(["SMEMBERS", "KEYS", "HKEYS", "HVALS"]);

function comparable({ name, miscounted }: Sent, reply: Reply): unknown {
  if (miscounted && reply instanceof CommandError) return "an error";
  const value = plain(reply);
  if (!Array.isArray(value)) return value;
  if (name === "HGETALL") return sorted(rowsOf(value));
  if (name === "SCAN") return [value[0], sorted(value[1])];
  return unordered.has(name) ? sorted(value) : value;
}

function plain(reply: Reply): unknown {
  if (Buffer.isBuffer(reply)) return reply.toString("latin1");
  if (reply instanceof CommandError) return `error: ${reply.message}`;
  // ioredis has no integers beyond 2^53: it adds up their digits, and loses more than the last.
  if (typeof reply === "bigint" || typeof reply === "number") return Number(Number(reply).toPrecision(12));
  return Array.isArray(reply) ? reply.map(plain) : reply;
}

function rowsOf(flat: readonly unknown[]): readonly unknown[] {
  return flat.flatMap((field, at) => (at % 2 === 0 ? [[field, flat[at + 1]]] : []));
}

function sorted(values: unknown): readonly unknown[] {
  return Array.isArray(values)
    ? values.toSorted((one, two) => (JSON.stringify(one) < JSON.stringify(two) ? -1 : 1))
    : [];
}

/** What is left of a life depends on when we look: to within five seconds. Rounded, two that are next to each other may differ. */
function roughly(asked: Answers): unknown {
  if (typeof asked === "string") return asked;
  return asked.map(([line, answer]) => [line, isLife(answer) ? lifeIn(line, answer) : answer]);
}

function lifeIn(line: string, left: number): unknown {
  if (line.startsWith("PTTL")) return expect.closeTo(left, -4);
  return line.startsWith("TTL") ? expect.closeTo(left, -1) : left;
}

/** Not what stands for a key that lives for ever, or is not there. */
function isLife(answer: unknown): answer is number {
  return typeof answer === "number" && answer > 0;
}
