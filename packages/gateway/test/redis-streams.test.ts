/**
 * Long streams: on the embedded engine many entries stand in a row, and the newest with the key; on Redis they do as they like.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { embeddedEngine } from "../src/redis/embedded/engine.ts";
import { schema } from "../src/redis/embedded/schema.ts";
import { CommandError, type RedisEngine, type Reply } from "../src/redis/engine.ts";
import { openDatabase } from "../src/store/database.ts";
import { type BothEngines, startBothEngines } from "./both-engines.ts";
import { hasRedis } from "./redis-process.ts";

const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 300 : 20;

/** Ids, as many as a life has; what is added has one of its own, above those before. */
const ids = 400;

/** Bytes of an entry: a few hundred as an event has, or more than a row takes. */
const size = fc.oneof(
  { weight: 20, arbitrary: fc.nat(900) },
  { weight: 1, arbitrary: fc.integer({ min: 3000, max: 9000 }) },
);

const end = fc.oneof(
  fc.constantFrom("-", "+"),
  fc.nat(ids).map((at) => `${at}`),
  fc.nat(ids).map((at) => `(${at}-${at % 3}`),
);

const step = fc.oneof(
  { weight: 60, arbitrary: size.map((bytes) => ({ kind: "add" as const, bytes, options: [] as string[] })) },
  {
    weight: 1,
    arbitrary: fc.tuple(size, fc.nat(60)).map(([bytes, length]) => ({
      kind: "add" as const,
      bytes,
      options: ["MAXLEN", String(length + 1)],
    })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom("XRANGE", "XREVRANGE"), end, end, fc.option(fc.nat(120)))
      .map(([name, from, to, count]) => ({
        kind: "look" as const,
        command: [name, "log", from, to, ...(count === null ? [] : ["COUNT", String(count)])],
      })),
  },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The commands of a life, in requests of up to twenty. */
const life = fc.array(fc.array(step, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 40, size: "+1" });

/** From one entry in seven on, and down. */
const looks = Array.from({ length: ids / 7 }, (_, nth) => [
  ["XRANGE", "log", String(nth * 7), "+", "COUNT", "3"],
  ["XREVRANGE", "log", String(nth * 7), "-", "COUNT", "3"],
]).flat();

function commandsOf(requests: readonly (readonly Step[])[]): readonly (readonly (readonly string[])[])[] {
  let at = 0;
  return requests.map((steps) =>
    steps.map((each) => {
      if (each.kind === "look") return each.command;
      at += 1;
      return ["XADD", "log", ...each.options, `${at}-${at % 3}`, "event", "x".repeat(each.bytes), "nth", String(at)];
    }),
  );
}

describe.skipIf(!hasRedis)("a long stream", () => {
  let both: BothEngines;

  beforeAll(async () => void (both = await startBothEngines()));
  afterAll(async () => await both[Symbol.asyncDispose]());

  it("is read and cut on the embedded engine as on Redis", async () => {
    const { embedded, real } = both;
    const property = fc.asyncProperty(life, async (requests) => {
      const whole = [
        ["XLEN", "log"],
        ["XRANGE", "log", "-", "+"],
        ["XREVRANGE", "log", "+", "-"],
        ...looks,
        ["DEL", "log"],
      ];
      for (const commands of [...commandsOf(requests), whole]) {
        expect(await answers(embedded, commands)).toEqual(await answers(real, commands));
      }
    });

    await expect(fc.assert(property, { numRuns: runs })).resolves.toBeUndefined();
  });
});

describe("a stream of an older gateway", () => {
  it("is there with all its entries, and goes on after the last", async () => {
    const folder = mkdtempSync(join(tmpdir(), "umbel-stream-"));
    const path = join(folder, "gateway.db");
    const old = openDatabase(path);
    old.migrate("redis", schema.slice(0, 2));
    old
      .prepare("INSERT INTO redis_key (id, name, type, size, value) VALUES (7, ?, 'stream', 3, ?)")
      .run(Buffer.from("log"), Buffer.from("9007199254740990-4294967297"));
    const insert = old.prepare("INSERT INTO redis_stream (key, milliseconds, sequence, fields) VALUES (7, ?, ?, ?)");
    insert.run(1, 0, fieldsOf("event", ""));
    insert.run(1_795_000_000_000, 2, fieldsOf("event", "late ü"));
    insert.run(9_007_199_254_740_990, 4_294_967_297, fieldsOf("event", "last"));
    old.close();

    const database = openDatabase(path);
    const engine = embeddedEngine({ database, now: () => 5 });
    const commands = [
      ["XADD", "log", "*", "event", "next"],
      ["XRANGE", "log", "-", "+"],
      ["XREVRANGE", "log", "1795000000000-2", "-"],
      ["XLEN", "log"],
    ];

    const first = ["1-0", ["event", ""]];
    const late = ["1795000000000-2", ["event", "late ü"]];
    const last = ["9007199254740990-4294967297", ["event", "last"]];
    const next = ["9007199254740990-4294967298", ["event", "next"]];
    expect(await answers(engine, commands)).toEqual([next[0], [first, late, last, next], [late, first], 4]);
    await engine.close();
    database.close();
    rmSync(folder, { recursive: true });
  });
});

/** Each field after its length, as entries were kept. */
function fieldsOf(...fields: readonly string[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(field));
      return [length, Buffer.from(field)];
    }),
  );
}

async function answers(engine: RedisEngine, commands: readonly (readonly string[])[]): Promise<readonly unknown[]> {
  const asked = commands.map(([name = "", ...args]) => ({ name, args: args.map((each) => Buffer.from(each)) }));
  return (await engine.run(asked, { atomic: false })).map(readable);
}

function readable(reply: Reply): unknown {
  if (reply instanceof CommandError) return reply.message;
  if (Buffer.isBuffer(reply)) return reply.toString();
  return Array.isArray(reply) ? reply.map(readable) : reply;
}
