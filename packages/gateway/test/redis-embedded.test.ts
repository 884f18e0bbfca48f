/**
 * What the embedded engine promises beyond Redis's own behaviour: its clock, its commits, what it says it has not.
 *
 * @module
 */

import type { StoreScript } from "@umbel/protocol";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { embeddedEngine } from "../src/redis/embedded/engine.ts";
import { schema } from "../src/redis/embedded/schema.ts";
import { type Command, EngineUnavailable, type RedisEngine, type Reply } from "../src/redis/engine.ts";
import { type Database, openDatabase } from "../src/store/database.ts";

const broken: StoreScript = {
  name: "broken",
  lua: "broken",
  twin(call, [key = ""]) {
    call("HSET", key, "f", "of the script");
    call("SET", "new", "of the script");
    throw new Error("no");
  },
};

describe("the embedded engine", () => {
  let now: number;
  let database: Database;
  let engine: RedisEngine;

  beforeEach(() => {
    now = Date.parse("2026-01-01T00:00:00Z");
    database = openDatabase(":memory:");
    engine = embeddedEngine({ database, now: () => now });
  });
  afterEach(() => database.close());

  async function run(...lines: readonly string[]): Promise<readonly unknown[]> {
    return (await engine.run(lines.map(command), { atomic: false })).map(plain);
  }

  function stored(): number {
    return Number(database.prepare("SELECT count(*) AS count FROM redis_key").get()?.["count"]);
  }

  function rowsOfFields(): number {
    return Number(database.prepare("SELECT count(*) AS count FROM redis_hash").get()?.["count"]);
  }

  it("forgets a key at its end, and not a millisecond before", async () => {
    await run("SET k v PX 1000", "HSET h f v", "EXPIRE h 1");
    now += 999;
    expect(await run("GET k", "HGET h f", "PTTL k", "DBSIZE")).toEqual(["v", "v", 1, 2]);
    now += 1;

    expect(await run("GET k", "HGET h f", "PTTL k", "DBSIZE", "KEYS *")).toEqual([null, null, -2, 0, []]);
    expect(await run("HSET h g w", "TTL h", "HGETALL h")).toEqual([1, -1, ["g", "w"]]);
  });

  it("keeps the life of a key through changes, and ends it with SET", async () => {
    await run("SET n 1 EX 100", "INCR n", "APPEND n 0");
    expect(await run("TTL n", "SET n 5 KEEPTTL", "TTL n")).toEqual([100, "OK", 100]);

    expect(await run("SET n 6", "TTL n")).toEqual(["OK", -1]);
    expect(await run("PEXPIREAT n 4000000000600", "EXPIRETIME n", "PEXPIRETIME n")).toEqual([
      1, 4_000_000_001, 4_000_000_000_600,
    ]);
  });

  it("sweeps what has expired and nobody asks for, at most once a minute", async () => {
    await run("SET a v PX 1", "SET b v PX 1", "SET c v");
    now += 59_999;
    await run("PING");
    expect(stored()).toBe(3);
    now += 1;
    await run("PING");

    expect(stored()).toBe(1);
  });

  it("sweeps in portions when there is much", async () => {
    await run(...Array.from({ length: 2500 }, (_, at) => `HSET h${at} f v`));
    await run(...Array.from({ length: 2500 }, (_, at) => `PEXPIRE h${at} 1`));
    now += 60_000;
    await run("PING");
    expect(stored()).toBe(1500);
    await run("PING");
    await run("PING");

    expect(stored()).toBe(0);
    expect(database.prepare("SELECT count(*) AS count FROM redis_hash").get()).toEqual({ count: 0 });
  });

  it("finds every key by SCAN, whatever is added and removed meanwhile", async () => {
    await run(...Array.from({ length: 100 }, (_, at) => `SET k${at} v`));
    const found = new Set<unknown>();
    let cursor: unknown = "0";
    do {
      const [page]: readonly unknown[] = await run(
        `SCAN ${String(cursor)} COUNT 7 MATCH k*`,
        "SADD other x",
        "DEL other",
      );
      const [next, names] = Array.isArray(page) ? page : [];
      for (const name of Array.isArray(names) ? names : []) found.add(name);
      cursor = next;
    } while (cursor !== "0");

    expect(found.size).toBe(100);
  });

  it("answers TIME by its clock", async () => {
    now = 1_700_000_000_123;

    expect(await run("TIME")).toEqual([["1700000000", "123000"]]);
  });

  it("gives entries of a stream ids by its clock that only ever grow", async () => {
    now = 5000;
    expect(await run("XADD log * a 1", "XADD log * a 2")).toEqual(["5000-0", "5000-1"]);
    now = 4000;

    expect(await run("XADD log MAXLEN 2 * a 3", "XLEN log", "XRANGE log - + COUNT 1")).toEqual([
      "5000-2",
      2,
      [["5000-1", ["a", "2"]]],
    ]);
  });

  it("cuts a stream that is to have roughly so many entries by a hundred at once", async () => {
    const additions = Array.from({ length: 102 }, (_, nth) => `XADD log MAXLEN ~ 2 ${nth + 1}-0 a ${nth}`);
    await run(...additions);

    expect(await run("XLEN log", "XADD log MAXLEN ~ 2 103-0 a 102", "XLEN log", "XRANGE log - + COUNT 1")).toEqual([
      102,
      "103-0",
      2,
      [["102-0", ["a", "101"]]],
    ]);
  });

  it("has integers of 64 bits, to the last digit", async () => {
    expect(await engine.run([command("INCRBY n 9007199254740993")], { atomic: false })).toEqual([
      9_007_199_254_740_993n,
    ]);
    expect(await run("GET n", "INCRBY n 9223372036854775807")).toEqual([
      "9007199254740993",
      "ERR increment or decrement would overflow",
    ]);
  });

  it("writes scores in the fewest digits", async () => {
    expect(await run("ZADD z 0.1 a", "ZINCRBY z 0.2 a", "ZSCORE z a")).toEqual([
      1,
      "0.30000000000000004",
      "0.30000000000000004",
    ]);
  });

  it("reckons no score for a member that is only to be added", async () => {
    expect(await run("ZADD z inf a", "ZADD z NX INCR -inf a", "ZADD z INCR -inf a")).toEqual([
      1,
      null,
      "ERR resulting score is not a number (NaN)",
    ]);
  });

  it("says what it has, and what to do, when it lacks a command", async () => {
    const [error] = await run("ZRANK z m");

    expect(error).toMatch(/^ERR unknown command 'ZRANK': the embedded engine has .*\bget\b.*; set REDIS_URL/);
    expect(await run("constructor x")).toEqual([expect.stringMatching(/^ERR unknown command/)]);
  });

  it("executes requests in the order in which they were made, though they share a commit", async () => {
    const requests = Array.from({ length: 200 }, (_, at) =>
      engine.run([command(`APPEND k ${at},`)], { atomic: false }),
    );
    const lengths = (await Promise.all(requests)).flat().map(Number);
    const expected = Array.from({ length: 200 }, (_, at) => `${at},`).join("");

    expect(lengths).toEqual(lengths.toSorted((one, two) => one - two));
    expect(await run("GET k")).toEqual([expected]);
  });

  it("has the same fields in a hash that has outgrown its key's row, and in one that has shrunk again", async () => {
    const long = "x".repeat(3000);
    await run(`HSET h b ${long} a 1`);
    expect(rowsOfFields()).toBe(0);

    expect(await run(`HSET h c ${long} a 2`, "HLEN h", "HMGET h a d c", "HKEYS h")).toEqual([
      1,
      3,
      ["2", null, long],
      ["a", "b", "c"],
    ]);
    expect(rowsOfFields()).toBe(3);
    expect(await run("HDEL h b c d", "HGETALL h", "HINCRBY h a 3", "HDEL h a", "EXISTS h")).toEqual([
      2,
      ["a", "2"],
      5,
      1,
      0,
    ]);
    expect([rowsOfFields(), stored()]).toEqual([0, 0]);
  });

  it("keeps what a request did before a script of it that throws, and nothing of the script's", async () => {
    engine = embeddedEngine({ database, scripts: [broken], now: () => now });

    const replies = await run(
      "HSET h f before",
      "SET k before PX 5000",
      "EVAL broken 1 h",
      "HGET h f",
      "GET new",
      "PTTL k",
    );

    expect(replies).toEqual([1, "OK", 'ERR script "broken" failed: Error: no', "before", null, 5000]);
    expect(await run("HGETALL h", "GET k", "DBSIZE")).toEqual([["f", "before"], "before", 2]);
  });

  it("reads what an older version has stored", async () => {
    const old = openDatabase(":memory:");
    onTestFinished(() => old.close());
    old.migrate("redis", schema.slice(0, 1));
    old
      .prepare("INSERT INTO redis_key (id, name, type, size) VALUES (1, x'6B', 'string', 0), (2, x'68', 'hash', 1)")
      .run();
    old.prepare("INSERT INTO redis_string VALUES (1, x'76')").run();
    old.prepare("INSERT INTO redis_hash VALUES (2, x'66', x'77')").run();
    engine = embeddedEngine({ database: old, now: () => now });

    expect(await run("GET k", "HGETALL h", "HSET h g 1", "HLEN h")).toEqual(["v", ["f", "w"], 1, 2]);
  });

  it("tells of a message when what was stored with it can be read", async () => {
    const seen: unknown[] = [];
    await engine.subscribe(
      { kind: "channel", name: "c" },
      { message: () => seen.push(database.prepare("SELECT value FROM redis_key").get()), lost: () => undefined },
    );
    expect(await run("PUBLISH c x", "SET k v")).toEqual([1, "OK"]);

    expect(seen).toEqual([{ value: new Uint8Array(Buffer.from("v")) }]);
  });

  it("rejects what cannot be stored, tells nobody of it, and goes on", async () => {
    const seen: string[] = [];
    const listener = {
      message: (_: string, message: Buffer) => void seen.push(message.toString()),
      lost: () => undefined,
    };
    await engine.subscribe({ kind: "channel", name: "c" }, listener);
    database
      .prepare("CREATE TRIGGER full BEFORE INSERT ON redis_list BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
      .run();
    const good = engine.run([command("SET a 1")], { atomic: false });
    const bad = engine.run([command("SET b 1"), command("PUBLISH c lost"), command("LPUSH l x")], { atomic: false });
    const next = engine.run([command("PUBLISH c heard"), command("EXISTS a b l")], { atomic: false });

    await expect(bad).rejects.toThrow(EngineUnavailable);
    expect([await good, await next]).toEqual([[Buffer.from("OK")], [1, 1]]);
    expect(seen).toEqual(["heard"]);
  });

  it("tells whoever listens that it has closed", async () => {
    let lost = 0;
    const listener = { message: () => undefined, lost: () => void (lost += 1) };
    await engine.subscribe({ kind: "pattern", name: "*" }, listener);
    await engine.close();

    expect(lost).toBe(1);
  });
});

function command(line: string): Command {
  const [name = "", ...args] = line.split(" ");
  return { name, args: args.map((arg) => Buffer.from(arg)) };
}

function plain(reply: Reply): unknown {
  if (Buffer.isBuffer(reply)) return reply.toString();
  if (reply instanceof Error) return reply.message;
  return Array.isArray(reply) ? reply.map(plain) : typeof reply === "bigint" ? Number(reply) : reply;
}
