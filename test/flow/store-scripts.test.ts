import { createRedisRest, openDatabase, type RedisRest } from "@umbel/gateway";
import type { RedisCall, StoreScript } from "@umbel/protocol";
import { scripts } from "@umbel/upstash-redis";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedisServer, type RedisServer, startRedisServer } from "../redis-server.ts";
import { channels, start, type Step, step, workers } from "./store-script-steps.ts";

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
        for (const each of life) {
          now += each.pause;
          const { script } = each;
          const { keys, args } = callOf(each, lives);
          const lua = luaOf(script);
          const told = [...args, String(Math.floor(now / 1000)), String((now % 1000) * 1000)];

          const expected = await answered(real, ["EVAL", withToldTime(lua), keys.length, ...keys, ...told]);
          const found = await answered(embedded, ["EVAL", lua, keys.length, ...keys, ...args]);
          expect(comparable(script, found)).toEqual(comparable(script, expected));
        }
        expect(await contentsOf(embedded, lives)).toEqual(await contentsOf(real, lives));
        for (const rest of [embedded, real])
          await command(rest, ["DEL", ...channels.map((channel) => `told-${channel}`)]);
      }),
      { numRuns: runs },
    );
  });
});

/** The scripts, but for what they announce: it is kept, in order, to be compared. A stream has exactly as many as it may. */
const told: readonly StoreScript[] = [...scripts, spoil()].map((script) => ({
  name: script.name,
  lua: script.lua
    .replaceAll(/redis\.call\('PUBLISH', (\w+),/g, "redis.call('RPUSH', 'told-' .. $1,")
    .replace("'~'", "'='"),
  twin: (call, keys, args) => script.twin(keeping(call), keys, args),
}));

/** Somebody else's value under one of the keys, of a kind that is none of ours. */
function spoil(): StoreScript {
  return {
    name: "spoil",
    lua: "redis.call('DEL', KEYS[1])\nreturn redis.call('RPUSH', KEYS[1], ARGV[1])",
    twin(call, [key = ""], [word = ""]) {
      call("DEL", key);
      return call("RPUSH", key, word);
    },
  };
}

function keeping(call: RedisCall): RedisCall {
  return (name, ...args) => {
    const [channel, ...words] = args;
    if (name === "XADD") return call(name, ...args.map((arg) => (arg === "~" ? "=" : arg)));
    return name === "PUBLISH" ? call("RPUSH", `told-${channel}`, ...words) : call(name, ...args);
  };
}

/** The clock of a real Redis cannot be set: there a script is told the time in two more arguments, which it never sees. */
function withToldTime(lua: string): string {
  const taken = "local microseconds, seconds = table.remove(ARGV), table.remove(ARGV)";
  return `${taken}\n${lua.replace("redis.call('TIME')", "{ seconds, microseconds }")}`;
}

/** What is the same of both answers: not the order in which a hash has its values, nor what a real clock has to do with. */
function comparable(script: string, reply: unknown): unknown {
  if (!Array.isArray(reply)) return reply;
  const lists: readonly unknown[] = reply;
  switch (script) {
    case "join":
      return lists.map(sorted);
    case "listWorkers":
      return [listIn(lists[0]).map((worker) => listIn(worker).map(sorted)), String(lists[1]).replace(/^\d+ /, "")];
    case "listRevoked":
      return [sorted(everySecond(lists[0], 0)), lists[1]];
    case "pastEvents":
      return [everySecond(lists[0], 1), lists[1]];
    default:
      return lists;
  }
}

function listIn(part: unknown): readonly unknown[] {
  return Array.isArray(part) ? part : [];
}

function sorted(part: unknown): unknown {
  return Array.isArray(part) ? part.map(String).toSorted() : part;
}

function everySecond(words: unknown, first: 0 | 1): unknown {
  return Array.isArray(words) ? words.filter((_, at) => at % 2 === first) : words;
}

function luaOf(name: string): string {
  const script = told.find((each) => each.name === name);
  if (!script) throw new Error(`There is no script ${name}`);
  return script.lua;
}

/** What a step is called with in one of the lives. */
function callOf({ script, of, args, keys }: Step, life: number) {
  const given = args.map((arg) => arg.replace("@", `record-${life}`));
  const names = script === "listWorkers" ? [...given, `worker-${life}-`, `totals-${life}-`] : given;
  return { keys: keysOf(script, `${life}${of}`, given).slice(0, keys), args: names };
}

function keysOf(script: string, id: string, args: readonly string[]): readonly string[] {
  const life = Number.parseInt(id, 10);
  const board = (...names: readonly string[]): readonly string[] => names.map((name) => `${name}-${life}`);
  const own = [`record-${id}`, `result-${id}`, ...board("active", "events", "told", "workers")];
  const seen = (worker = ""): readonly string[] => [`worker-${life}-${worker}`, `totals-${life}-${worker}`];
  const keys: Readonly<Record<string, readonly string[]>> = {
    claim: [...own, ...seen(args[14]), ...board("directives")],
    renew: [...own, ...seen(args[6])],
    progress: own.slice(0, 2),
    finish: own,
    settle: own,
    revoke: [`record-${id}`, ...board("revoked")],
    join: [`chord-${id}`],
    keepText: [`text-${id}`],
    emit: board("events", "told"),
    direct: board("directives"),
    showDirectives: board("directives"),
    showRecords: [`record-${life}a`, `record-${life}b`],
    listActive: board("active"),
    listRevoked: board("revoked"),
    listWorkers: board("workers"),
    countAll: board("workers", "active", "revoked", "told"),
    pastEvents: board("events"),
    spoil: [args[0] === "record" || args[0] === "result" ? `${args[0]}-${id}` : `${args[0]}-${life}`],
  };
  return keys[script] ?? scheduleKeys(id);
}

/** Versions, texts, what is due, names, and the plan. */
function scheduleKeys(id: string): readonly string[] {
  return ["versions", "texts", "due", "names", "plan"].map((part) => `${part}-${id}`);
}

/** What is stored for a life. */
async function contentsOf(rest: RedisRest, life: number): Promise<unknown> {
  const ids = [`${life}a`, `${life}b`];
  const taskHashes = ids.flatMap((id) => [`record-${id}`, `chord-${id}`]);
  const boardHashes = [`directives-${life}`, ...workers.map((worker) => `totals-${life}-${worker}`)];
  const hashes = [...taskHashes, ...boardHashes, ...ids.flatMap((id) => [`versions-${id}`, `texts-${id}`])];
  const sets = [...ids.flatMap((id) => [`due-${id}`, `names-${id}`]), `active-${life}`, `workers-${life}`];
  const textKeys = ids.flatMap((id) => [`result-${id}`, `text-${id}`, `plan-${id}`]);
  const announced = [...ids.map((id) => `result-${id}`), ...channels];

  const replies = await commands(rest, [
    ...[...taskHashes, ...boardHashes, ...textKeys].map((key) => ["PTTL", key]),
    ...hashes.map((key) => ["HGETALL", key]),
    ...sets.map((key) => ["ZRANGE", key, 0, -1, "WITHSCORES"]),
    ...[...textKeys, `told-${life}`].map((key) => ["GET", key]),
    ...announced.map((channel) => ["LRANGE", `told-${channel}`, 0, -1]),
  ]);
  const lives = taskHashes.length + boardHashes.length + textKeys.length;
  return replies.map((reply, at) => {
    if (at < lives) return hoursIn(reply);
    return at < lives + hashes.length ? fieldsIn(reply) : reply;
  });
}

/** For how many hours a key is still kept; the clocks of the two stores are not the same, but no life here takes an hour. */
function hoursIn(milliseconds: unknown): number {
  return Math.ceil(Number(milliseconds) / 3_600_000);
}

/** The fields of a hash in order, without the order in which they were set. */
function fieldsIn(reply: unknown): unknown {
  const words = Array.isArray(reply) ? reply.map(String) : [];
  return new Map(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1]] as const] : [])));
}

/** What it answers, be it an error: then the kind of that, which is its first word. */
async function answered(rest: RedisRest, words: readonly (string | number)[]): Promise<unknown> {
  const [answer] = await answersTo(rest, [words]);
  return answer !== undefined && "error" in answer ? answer.error.split(" ")[0] : answer?.result;
}

async function command(rest: RedisRest, words: readonly (string | number)[]): Promise<unknown> {
  const [reply] = await commands(rest, [words]);
  return reply;
}

async function commands(rest: RedisRest, rows: readonly (readonly (string | number)[])[]): Promise<readonly unknown[]> {
  const answers = await answersTo(rest, rows);
  return answers.map((answer, at) => {
    if (!("error" in answer)) return answer.result;
    if (answer.error.startsWith("WRONGTYPE")) return "WRONGTYPE";
    throw new Error(`${rows[at]?.[0]} was answered with ${answer.error}`);
  });
}

type Answer = { readonly result: unknown } | { readonly error: string };

async function answersTo(rest: RedisRest, rows: readonly (readonly (string | number)[])[]): Promise<readonly Answer[]> {
  const request = { method: "POST", headers: { authorization: "Bearer token" }, body: JSON.stringify(rows) };
  const answers: unknown = await (await rest.app.request("/pipeline", request)).json();
  if (!Array.isArray(answers)) throw new Error(`The store has answered ${JSON.stringify(answers)}`);
  return answers;
}
