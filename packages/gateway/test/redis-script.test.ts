/**
 * Scripts: Lua on a real Redis, their twins on the embedded engine, called alike.
 *
 * @module
 */

import { createHash } from "node:crypto";

import type { StoreScript } from "@umbel/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { openDatabase } from "../src/store/database.ts";
import { type Endpoint, engines, startEndpoint } from "./redis-endpoint.ts";

/** Takes from one hash field and gives to another, if there is enough; answers what both have. */
const transfer: StoreScript = {
  name: "transfer",
  lua: `
    local amount = tonumber(ARGV[1])
    if tonumber(redis.call("HGET", KEYS[1], "from") or "0") < amount then return false end
    local from = redis.call("HINCRBY", KEYS[1], "from", -amount)
    local to = redis.call("HINCRBY", KEYS[1], "to", amount)
    redis.call("PUBLISH", KEYS[1], ARGV[1])
    return { from, to, { ARGV[1], redis.call("HEXISTS", KEYS[1], "none") } }
  `,
  twin(call, [key = ""], [amount = ""]) {
    if (Number(call("HGET", key, "from") ?? 0) < Number(amount)) return null;
    const from = call("HINCRBY", key, "from", -Number(amount));
    const to = call("HINCRBY", key, "to", Number(amount));
    call("PUBLISH", key, amount);
    return [from, to, [amount, call("HEXISTS", key, "none")]];
  },
};

/** What the store's clock says, and a number that is none. */
const time: StoreScript = {
  name: "time",
  lua: `return { redis.call("TIME")[1], 3.9, redis.call("SET", KEYS[1], "v") }`,
  twin(call, [key = ""]) {
    const now = call("TIME");
    return [Array.isArray(now) ? now[0] : null, 3.9, call("SET", key, "v")];
  },
};

/** Writes, then makes a mistake. */
const careless: StoreScript = {
  name: "careless",
  lua: `redis.call("SET", KEYS[1], "half"); return redis.call("INCR", KEYS[1])`,
  twin(call, [key = ""]) {
    call("SET", key, "half");
    return call("INCR", key);
  },
};

const broken: StoreScript = {
  name: "broken",
  lua: `error("no")`,
  twin(call, [key = ""]) {
    call("SET", key, "half");
    call("PUBLISH", "news", "half");
    throw new TypeError("a mistake in the program");
  },
};

/** Adds to a key of each type, removes one and makes another, as it is told with a first argument; else makes a mistake after that. */
const everywhere: StoreScript = {
  name: "everywhere",
  lua: "",
  twin(call, _, [word = "", end]) {
    call("APPEND", "string", word);
    call("HSET", "hash", word, 1);
    call("RPUSH", "list", word);
    call("SADD", "set", word);
    call("ZADD", "zset", 1, word);
    call("XADD", "stream", "*", "word", word);
    call("DEL", "gone");
    call("SET", "new", word);
    if (end === "empties and fails") call("FLUSHALL");
    if (end?.endsWith("fails") === true) throw new TypeError("a mistake in the program");
    return "done";
  },
};

const nesting: StoreScript = {
  name: "nesting",
  lua: `return redis.call("EVAL", "return 1", 0)`,
  twin: (call) => call("EVAL", time.lua, 1, "k"),
};

/** Writes a megabyte. */
const filling: StoreScript = {
  name: "filling",
  lua: `return redis.call("SET", KEYS[1], string.rep("x", 1000000))`,
  twin: (call, [key = ""]) => call("SET", key, "x".repeat(1_000_000)),
};

const scripts = [filling, transfer, time, careless, broken, everywhere, nesting];

describe.each(engines)("a script on the $engine engine", ({ engine, present }) => {
  let endpoint: Endpoint;

  beforeAll(async () => {
    if (present) endpoint = await startEndpoint(engine, { scripts });
  });
  afterAll(async () => endpoint?.close());
  beforeEach(async ({ skip }) => {
    skip(!present, "redis-server is not installed");
    await endpoint.command("FLUSHALL");
    await endpoint.command("SCRIPT", "FLUSH");
  });

  it("runs through the official client, by its hash or else by its text", async () => {
    const redis = endpoint.client({ automaticDeserialization: true });
    await redis.hset("account", { from: 10, to: 0 });
    const script = redis.createScript(transfer.lua);

    expect(await script.exec(["account"], ["7"])).toEqual([3, 7, [7, 0]]);
    expect(await script.exec(["account"], ["7"])).toBeNull();
    expect(await script.evalsha(["account"], ["3"])).toEqual([0, 10, [3, 0]]);
  });

  it("loses the fraction of a number, and has an OK for an OK", async () => {
    const reply = await endpoint.command("EVAL", time.lua, 1, "k");

    expect(reply).toEqual({ result: [expect.stringMatching(/^\d{10}$/), 3, "OK"] });
  });

  it("is told by its hash whether it is there, once it is loaded", async () => {
    const sha = shaOf(transfer);

    expect(await endpoint.command("SCRIPT", "LOAD", transfer.lua)).toEqual({ result: sha });
    expect(await endpoint.command("SCRIPT", "EXISTS", sha, shaOf(time).replaceAll(/./g, "0"))).toEqual({
      result: [1, 0],
    });
    expect(await endpoint.command("EVALSHA", sha.toUpperCase(), 1, "account", 1)).toEqual({ result: null });
  });

  it("that fails tells why", async () => {
    expect(await endpoint.command("EVAL", careless.lua, 1, "k")).toEqual({
      error: expect.stringContaining("value is not an integer or out of range"),
    });
  });

  it("cannot run another", async () => {
    expect(await endpoint.command("EVAL", nesting.lua, 0)).toHaveProperty("error");
    expect(await endpoint.command("EXISTS", "k")).toEqual({ result: 0 });
  });

  it.each([
    [["EVAL", transfer.lua, "x"], "ERR value is not an integer or out of range"],
    [["EVAL", transfer.lua, 2, "k"], "ERR Number of keys can't be greater than number of args"],
    [["EVAL", transfer.lua, -1], "ERR Number of keys can't be negative"],
    [["EVALSHA", "f".repeat(40), 0], "NOSCRIPT No matching script. Please use EVAL."],
    [["EVAL"], "ERR wrong number of arguments for 'eval' command"],
  ])("called as %j is refused as Redis does", async (command, error) => {
    expect(await endpoint.command(...command)).toEqual({ error });
  });
});

describe("a script on the embedded engine", () => {
  let endpoint: Endpoint;
  let now = Date.parse("2026-01-01T00:00:00Z");

  beforeAll(async () => {
    endpoint = await startEndpoint("embedded", { scripts, now: () => now });
  });
  afterAll(async () => endpoint.close());
  beforeEach(() => endpoint.command("FLUSHALL"));

  it("reads the engine's clock, which stands still in a request", async () => {
    now += 1234.567;

    expect(await endpoint.command("EVAL", time.lua, 1, "k")).toEqual({
      result: [String(Math.floor(now / 1000)), 3, "OK"],
    });
  });

  it("works by its hash without having been loaded", async () => {
    expect(await endpoint.command("EVALSHA", shaOf(transfer), 1, "account", 1)).toEqual({ result: null });
  });

  it("that is not registered is an error that says what to do", async () => {
    const error = "ERR this script is not known to the embedded engine: set REDIS_URL to use a real Redis";

    expect(await endpoint.command("EVAL", "return 1", 0)).toEqual({ error });
    expect(await endpoint.command("SCRIPT", "LOAD", "return 1")).toEqual({ error });
  });

  it("that finds no room on the disk is no answer, and nothing of its request stays", async () => {
    const database = openDatabase(":memory:");
    const full = await startEndpoint("embedded", { scripts, database });
    const pages = database.prepare("PRAGMA page_count").get()?.["page_count"];
    database.prepare(`PRAGMA max_page_count = ${Number(pages) + 2}`).get();
    const body = JSON.stringify([
      ["SET", "before", 1],
      ["EVAL", filling.lua, 1, "k"],
      ["SET", "after", 1],
    ]);

    const response = await full.request("/pipeline", { method: "POST", body });

    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: expect.stringContaining("database or disk is full") });
    expect(await full.command("EXISTS", "before", "k", "after")).toEqual({ result: 0 });
    await full.close();
  });

  it("that fails leaves nothing half written and says nothing, and what is around it stands", async () => {
    const events = await endpoint.request("/subscribe/news", { method: "POST" });
    const body = JSON.stringify([
      ["SET", "before", 1],
      ["EVAL", careless.lua, 1, "k"],
      ["EVAL", broken.lua, 1, "k"],
      ["SET", "after", 1],
      ["PUBLISH", "news", "whole"],
    ]);
    const replies = await (await endpoint.request("/multi-exec", { method: "POST", body })).json();

    expect(replies).toEqual([
      { result: "OK" },
      { error: "ERR value is not an integer or out of range" },
      { error: 'ERR script "broken" failed: TypeError: a mistake in the program' },
      { result: "OK" },
      { result: 1 },
    ]);
    expect(await endpoint.command("EXISTS", "before", "k", "after")).toEqual({ result: 2 });
    expect(await firstMessage(events)).toBe("data: message,news,whole");
  });

  it.each(["fails", "empties and fails"])(
    "that %s leaves each key as those before it in the request have left it, stored or not",
    async (end) => {
      const looks = [
        ["GET", "string"],
        ["HKEYS", "hash"],
        ["LRANGE", "list", 0, -1],
        ["SMEMBERS", "set"],
        ["ZRANGE", "zset", 0, -1],
        ["XLEN", "stream"],
        ["EXISTS", "gone"],
        ["GET", "new"],
        ["GET", "apart"],
      ];
      const call = ["EVAL", everywhere.lua, 0];
      const set = ["MSET", "gone", 1, "apart", 1];
      const commands = [[...call, "a"], set, [...call, "b", end], ...looks, [...call, "c"], ...looks];
      const reply = await endpoint.request("/pipeline", { method: "POST", body: JSON.stringify(commands) });
      const answers: readonly { result?: unknown }[] = await reply.json();
      const results = answers.map(({ result }) => result);

      expect(results.slice(3, 12)).toEqual(["a", ["a"], ["a"], ["a"], ["a"], 1, 1, "a", "1"]);
      expect(results.slice(13)).toEqual(["ac", ["a", "c"], ["a", "c"], ["a", "c"], ["a", "c"], 2, 0, "c", "1"]);
      const later = await endpoint.request("/pipeline", { method: "POST", body: JSON.stringify(looks) });
      expect(await later.json()).toEqual(answers.slice(13));
    },
  );
});

async function firstMessage(events: Response): Promise<string | undefined> {
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  while (!/data: message.*\n/.test(seen)) seen += (await reader?.read())?.value ?? "";
  await reader?.cancel();
  return /data: message.*/.exec(seen)?.[0];
}

function shaOf({ lua }: StoreScript): string {
  return createHash("sha1").update(lua).digest("hex");
}
