import { createRedisRest, openDatabase, type RedisRest } from "@umbel/gateway";
import type { RedisCall, StoreScript } from "@umbel/protocol";
import { scripts } from "@umbel/upstash-redis";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedisServer, type RedisServer, startRedisServer } from "../redis-server.ts";

/** A script that runs some milliseconds after the one before. */
interface Step {
  readonly script: string;
  /** One of two tasks, or of two chords. */
  readonly of: "a" | "b";
  readonly args: readonly string[];
  readonly pause: number;
}

const start = Date.UTC(2026, 0, 1);
/** Channels of groups. */
const groups = ["group-1", "group-2"];
const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 5_000 : 150;

describe.skipIf(!hasRedisServer)("a script in Lua and its twin", () => {
  let redis: RedisServer;
  let real: RedisRest;
  let embedded: RedisRest;
  let now = start;
  let lives = 0;

  beforeAll(async () => {
    redis = await startRedisServer();
    const options = { token: "token", scripts: told, log: () => {} };
    real = createRedisRest({ ...options, redisUrl: redis.url });
    embedded = createRedisRest({ ...options, database: openDatabase(":memory:"), now: () => now });
  });
  afterAll(async () => {
    await Promise.all([real.close(), embedded.close()]);
    await redis.stop();
  });

  it("answer the same and leave the same behind, whatever comes in whatever order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step(), { minLength: 1, maxLength: 30, size: "max" }), async (life) => {
        lives += 1;
        now = start;
        for (const { script, of, args, pause } of life) {
          now += pause;
          const keys = keysOf(script, `${lives}${of}`);
          const lua = luaOf(script);
          const told = [...args, String(Math.floor(now / 1000)), String((now % 1000) * 1000)];

          const expected = await command(real, ["EVAL", withToldTime(lua), keys.length, ...keys, ...told]);
          const found = await command(embedded, ["EVAL", lua, keys.length, ...keys, ...args]);
          expect(comparable(script, found)).toEqual(comparable(script, expected));
        }
        expect(await contentsOf(embedded, lives)).toEqual(await contentsOf(real, lives));
        for (const rest of [embedded, real]) await command(rest, ["DEL", ...groups.map((group) => `told-${group}`)]);
      }),
      { numRuns: runs },
    );
  });
});

/** The scripts, but for what they announce: it is kept, in order, to be compared. */
const told: readonly StoreScript[] = scripts.map((script) => ({
  name: script.name,
  lua: script.lua.replaceAll(/redis\.call\('PUBLISH', (\w+),/g, "redis.call('RPUSH', 'told-' .. $1,"),
  twin: (call, keys, args) => script.twin(keeping(call), keys, args),
}));

function keeping(call: RedisCall): RedisCall {
  return (name, ...args) => {
    const [channel, ...words] = args;
    return name === "PUBLISH" ? call("RPUSH", `told-${channel}`, ...words) : call(name, ...args);
  };
}

/** The clock of a real Redis cannot be set: there a script is told the time in two more arguments, which it never sees. */
function withToldTime(lua: string): string {
  const taken = "local microseconds, seconds = table.remove(ARGV), table.remove(ARGV)";
  return `${taken}\n${lua.replace("redis.call('TIME')", "{ seconds, microseconds }")}`;
}

/** The values of a hash come in no order that could be relied on. */
function comparable(script: string, reply: unknown): unknown {
  return script === "join" && Array.isArray(reply)
    ? reply.map((part) => (Array.isArray(part) ? part.map(String).toSorted() : part))
    : reply;
}

function luaOf(name: string): string {
  const script = told.find((each) => each.name === name);
  if (!script) throw new Error(`There is no script ${name}`);
  return script.lua;
}

function keysOf(script: string, id: string): readonly string[] {
  if (script === "join") return [`chord-${id}`];
  if (script === "keepText") return [`text-${id}`];
  if (script.endsWith("Entries")) return scheduleKeys(id);
  return script === "renew" || script === "revoke" ? [`record-${id}`] : [`record-${id}`, `result-${id}`];
}

/** Versions, texts, what is due, names, and the plan. */
function scheduleKeys(id: string): readonly string[] {
  return ["versions", "texts", "due", "names", "plan"].map((part) => `${part}-${id}`);
}

/** What is stored for a life; of a hash its fields in order, without the order in which they were set. */
async function contentsOf(rest: RedisRest, life: number): Promise<unknown> {
  const ids = [`${life}a`, `${life}b`];
  const scheduleHashes = ids.flatMap((id) => [`versions-${id}`, `texts-${id}`]);
  const hashes = [...ids.flatMap((id) => [`record-${id}`, `chord-${id}`]), ...scheduleHashes].map((key) =>
    hashOf(rest, key),
  );
  const sets = ids.flatMap((id) => [`due-${id}`, `names-${id}`]);
  const members = sets.map((key) => command(rest, ["ZRANGE", key, 0, -1, "WITHSCORES"]));
  const textKeys = ids.flatMap((id) => [`result-${id}`, `text-${id}`, `plan-${id}`]);
  const texts = textKeys.map((key) => command(rest, ["GET", key]));
  const channels = [...ids.map((id) => `result-${id}`), ...groups];
  const announced = channels.map((channel) => command(rest, ["LRANGE", `told-${channel}`, 0, -1]));
  const hashKeys = ids.flatMap((id) => [`record-${id}`, `chord-${id}`]);
  const lives = [...hashKeys, ...textKeys].map((key) => hoursLeft(rest, key));
  return Promise.all([...hashes, ...members, ...texts, ...lives, ...announced]);
}

/** For how many hours a key is still kept; the clocks of the two stores are not the same, but no life here takes minutes. */
async function hoursLeft(rest: RedisRest, key: string): Promise<number> {
  return Math.ceil(Number(await command(rest, ["PTTL", key])) / 3_600_000);
}

async function hashOf(rest: RedisRest, key: string): Promise<unknown> {
  const fields = await command(rest, ["HKEYS", key]);
  if (!Array.isArray(fields) || fields.length === 0) return {};
  const names: readonly string[] = fields.map(String).toSorted();
  return { names, values: await command(rest, ["HMGET", key, ...names]) };
}

async function command(rest: RedisRest, words: readonly (string | number)[]): Promise<unknown> {
  const request = { method: "POST", headers: { authorization: "Bearer token" }, body: JSON.stringify(words) };
  const answer: unknown = await (await rest.app.request("/", request)).json();
  if (typeof answer === "object" && answer !== null && "result" in answer) return answer.result;
  throw new Error(`${words[0]} was answered with ${JSON.stringify(answer)}`);
}

/** Ids of members that another one has added. */
function adding(): fc.Arbitrary<readonly string[]> {
  return fc.array(fc.constantFrom("m1", "m2", "m3", "m4"), { maxLength: 2 });
}

/** Steps on the entries of a schedule. */
function entrySteps(): Readonly<Record<string, fc.Arbitrary<readonly string[]>>> {
  const name = fc.constantFrom("a", "b", "B", "漢", "");
  const version = fc.constantFrom("", "=", "=1", "=2", "=漢");
  const next = fc.constantFrom("", "-1", ...[0, 1000, 2000, 5000, 3_600_000].map((later) => String(start + later)));
  const text = fc.constantFrom("", '{"漢":"\\u0000"}', "\0\n=");
  const change = fc.tuple(name, version, version, next, text);
  const limit = fc.constantFrom("1", "2", "100");
  return {
    dueEntries: fc.tuple(fc.constantFrom("0", "1000", "60000", "-1000"), limit),
    namedEntries: fc.array(name, { maxLength: 4 }),
    listEntries: fc.tuple(fc.constantFrom("-", "(", "(a", "(b", "(漢"), fc.oneof(limit, fc.constant("-1"))),
    changeEntries: fc
      .tuple(version, fc.array(change, { maxLength: 4 }))
      .map(([plan, changes]) => [plan, changes].flat(2)),
  };
}

/** Few values for everything, so that steps meet, and instants coincide. */
function step(): fc.Arbitrary<Step> {
  const digit = fc.constantFrom("0", "0", "0", "1");
  const state = fc.constantFrom("SUCCESS", "FAILURE", "REVOKED", "IGNORED", "RETRY", "REJECTED", "REPLACED");
  const text = fc.constantFrom("", '{"status":"STARTED"}', '{"status":"SUCCESS","result":"漢 \\" \\u0000"}');
  const life = fc.constantFrom("", "600000");
  const retention = fc.constantFrom("3600000", "36000000");
  const time = fc.constantFrom("1", "1000", "3000");
  const token = fc.constantFrom("x", "y", "z");
  const hardLimit = fc.constantFrom("", "", "1000");
  const expires = fc.constantFrom("", String(start + 2000));
  const early = fc.constantFrom("0", "0", "1");
  const undeliverable = fc.constantFrom("0", "0", "1");
  const group = fc.constantFrom("", ...groups);
  const fence = [digit, digit, digit] as const;

  const argsOf: Readonly<Record<string, fc.Arbitrary<readonly string[]>>> = {
    claim: fc.tuple(digit, digit, token, time, hardLimit, expires, undeliverable, retention, text, early),
    renew: fc.tuple(...fence, time, retention),
    progress: fc.tuple(...fence, text, life),
    finish: fc.tuple(...fence, state, fc.constantFrom("[]", '[{"kind":"send"}]'), retention, text, life, group),
    settle: fc.tuple(fc.constantFrom("SUCCESS", "FAILURE", "REVOKED", "IGNORED"), retention, text, life, group),
    join: fc
      .tuple(
        fc.constantFrom("m1", "m2", "m3"),
        fc.constantFrom("{}", '{"a":"漢"}'),
        fc.constantFrom("1", "2", "3"),
        retention,
        fc.constantFrom("0", "1"),
      )
      .chain((member) => adding().map((adds) => [member, String(adds.length), adds].flat())),
    revoke: fc.tuple(fc.constantFrom("0", "1"), retention),
    keepText: fc.tuple(fc.constantFrom("[]", '["漢"]'), retention),
    ...entrySteps(),
  };
  const steps = Object.entries(argsOf).map(([script, args]) => ({
    weight: script === "claim" || script === "changeEntries" ? 6 : 2,
    arbitrary: fc.record({
      script: fc.constant(script),
      of: fc.constantFrom("a" as const, "a" as const, "a" as const, "b" as const),
      args,
      pause: fc.constantFrom(0, 1000, 2000),
    }),
  }));
  return fc.oneof(...steps);
}
