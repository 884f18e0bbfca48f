/**
 * Upstash's HTTP protocol, through the official client and by hand, before both engines.
 *
 * @module
 */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type Endpoint, engines, startEndpoint } from "./redis-endpoint.ts";

const binary = Buffer.from([0xff, 0x00, 0xfe, 0x0a, 0x80]);

describe.each(engines)("Redis over REST before the $engine engine", ({ engine, present }) => {
  let endpoint: Endpoint;

  beforeAll(async () => {
    if (present) endpoint = await startEndpoint(engine);
  });
  afterAll(async () => endpoint?.close());
  beforeEach(async ({ skip }) => {
    skip(!present, "redis-server is not installed");
    await endpoint.command("FLUSHALL");
  });

  async function json(path: string, init?: RequestInit): Promise<unknown> {
    return (await endpoint.request(path, init)).json();
  }

  function posted(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return endpoint.request(path, { method: "POST", body: JSON.stringify(body), headers });
  }

  describe("a command", () => {
    it("comes as an array of strings, numbers and booleans", async () => {
      expect(await (await posted("/", ["SET", "k", 12.5, "EX", 100])).json()).toEqual({ result: "OK" });
      expect(await endpoint.command("GET", "k")).toEqual({ result: "12.5" });
      expect(await (await posted("/", ["SET", "k", true])).json()).toEqual({ result: "OK" });
      expect(await endpoint.command("GET", "k")).toEqual({ result: "true" });
    });

    it.each(["GET", "POST", "PUT"])("comes in the path of a %s, percent-encoded or not", async (method) => {
      expect(await json("/set/a%2Fkey/some%20text/EX/100", { method })).toEqual({ result: "OK" });
      expect(await endpoint.command("GET", "a/key")).toEqual({ result: "some text" });
      expect(await endpoint.command("TTL", "a/key")).toEqual({ result: 100 });
      expect(await json("/SET/100%/%C3%BC", { method })).toEqual({ result: "OK" });
      expect(await endpoint.command("GET", "100%")).toEqual({ result: "ü" });
    });

    it("answers a HEAD with its status and no body", async () => {
      const done = await endpoint.request("/set/k/v", { method: "HEAD" });
      const failed = await endpoint.request("/incr/k", { method: "HEAD" });

      expect([done.status, await done.text()]).toEqual([200, ""]);
      expect([failed.status, await failed.text()]).toEqual([400, ""]);
    });

    it.each(["POST", "PUT"])("takes the raw body of a %s as its last argument, then the query", async (method) => {
      await endpoint.request("/set/k?EX=100&NX", { method, body: binary });
      const response = await endpoint.request("/get/k", { headers: { "upstash-encoding": "base64" } });

      expect(await response.json()).toEqual({ result: binary.toString("base64") });
      expect(await endpoint.command("TTL", "k")).toEqual({ result: 100 });
      expect(await json("/set/k?NX", { method, body: "other" })).toEqual({ result: null });
    });

    it("takes bytes that are not UTF-8 from the path", async () => {
      await endpoint.request("/set/k/%ff%00");

      expect(await endpoint.command("STRLEN", "k")).toEqual({ result: 2 });
    });

    it("has for half a character what stands for it in UTF-8", async () => {
      await posted("/", ["SET", "k\ud800", "\udfff!"]);

      expect(await endpoint.command("GET", "k\ufffd")).toEqual({ result: "\ufffd!" });
      expect(await endpoint.command("STRLEN", "k\ufffd")).toEqual({ result: 4 });
    });
  });

  describe("an answer", () => {
    it("has nulls, integers, strings and nested arrays", async () => {
      await endpoint.command("RPUSH", "list", "a", "b");

      expect(await endpoint.command("GET", "none")).toEqual({ result: null });
      expect(await endpoint.command("LLEN", "list")).toEqual({ result: 2 });
      expect(await endpoint.command("LRANGE", "list", 0, -1)).toEqual({ result: ["a", "b"] });
      expect(await endpoint.command("SCAN", 0)).toEqual({ result: ["0", ["list"]] });
      expect(await endpoint.command("PING")).toEqual({ result: "PONG" });
    });

    it("has U+FFFD for what is not UTF-8, unless base64 is asked for", async () => {
      await endpoint.request("/set/k", { method: "POST", body: binary });

      expect(await endpoint.command("GET", "k")).toEqual({ result: binary.toString() });
    });

    it("has every string in base64, but for an OK at the top", async () => {
      const headers = { "upstash-encoding": "base64" };
      const rows = [["SET", "k", "OK"], ["MGET", "k", "none"], ["PING"], ["INCR", "n"], ["INCR", "k"]];
      const response = await posted("/pipeline", rows, headers);

      expect(await response.json()).toEqual([
        { result: "OK" },
        { result: [Buffer.from("OK").toString("base64"), null] },
        { result: Buffer.from("PONG").toString("base64") },
        { result: 1 },
        { error: "ERR value is not an integer or out of range" },
      ]);
    });

    it("is RESP2 when that is asked for", async () => {
      const headers = { "upstash-response-format": "resp2" };
      const rows = [
        ["SET", "k", "v"],
        ["GET", "k"],
        ["INCR", "k"],
        ["GET", "none"],
        ["LPUSH", "l", "x"],
        ["MGET", "k"],
      ];
      const response = await posted("/pipeline", rows, headers);
      const failed = await posted("/", ["INCR", "k"], headers);

      expect(response.headers.get("content-type")).toBe("application/octet-stream");
      expect(await response.text()).toBe(
        "+OK\r\n$1\r\nv\r\n-ERR value is not an integer or out of range\r\n$-1\r\n:1\r\n*1\r\n$1\r\nv\r\n",
      );
      expect([failed.status, await failed.text()]).toEqual([400, "-ERR value is not an integer or out of range\r\n"]);
    });

    it("is an error for a format that there is not, and for base64 within RESP2", async () => {
      const unknown = await posted("/", ["PING"], { "upstash-response-format": "xml" });
      const both = await posted("/", ["PING"], {
        "upstash-response-format": "resp2",
        "upstash-encoding": "base64",
      });

      expect([unknown.status, both.status]).toEqual([400, 400]);
      expect(await unknown.json()).toHaveProperty("error");
    });

    it("carries a sync token that is never the same", async () => {
      const responses = [await posted("/", ["PING"]), await posted("/", ["PING"]), await endpoint.request("/nonsense")];
      const tokens = responses.map((response) => response.headers.get("upstash-sync-token"));

      expect(new Set(tokens).size).toBe(3);
      expect(tokens).not.toContain(null);
    });
  });

  describe("an error", () => {
    it.each([
      [["INCR", "text"], "ERR value is not an integer or out of range"],
      [["LPUSH", "text", "x"], "WRONGTYPE Operation against a key holding the wrong kind of value"],
      [["GET"], "ERR wrong number of arguments for 'get' command"],
      [["SET", "k", "v", "EX", "soon"], "ERR value is not an integer or out of range"],
      [["SET", "k", "v", "NX", "XX"], "ERR syntax error"],
      [["EVALSHA", "0".repeat(40), 0], "NOSCRIPT No matching script. Please use EVAL."],
    ])("of %j has Redis's text and status 400", async (command, error) => {
      await endpoint.command("SET", "text", "a");
      const response = await posted("/", command);

      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error });
    });

    it("is told for a command that there is not", async () => {
      expect(await endpoint.command("NONSENSE", "a")).toHaveProperty(
        "error",
        expect.stringMatching(/^ERR unknown command 'NONSENSE'/i),
      );
    });

    it.each(["BLPOP", "WATCH", "SELECT", "MULTI", "SUBSCRIBE", "SHUTDOWN", "client", "XREAD BLOCK 0 STREAMS s $"])(
      "is told for %s, which cannot be sent over HTTP",
      async (line) => {
        const [name = "", ...args] = line.split(" ");

        expect(await endpoint.command(name, ...args)).toEqual({
          error: `ERR Command is not available: '${name}'. It cannot be sent over HTTP`,
        });
      },
    );

    it.each([
      ["not JSON", "SET k v"],
      ["no array", '{"SET":"k"}'],
      ["an empty array", "[]"],
      ["an argument that is an object", '["SET","k",{}]'],
      ["an argument that is null", '["GET",null]'],
    ])("is told for a body that is %s", async (_, body) => {
      const response = await endpoint.request("/", { method: "POST", body });

      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: expect.stringMatching(/^ERR /) });
    });

    it("is 405 for other methods", async () => {
      const methods = ["DELETE", "PATCH", "OPTIONS"];
      const statuses = await Promise.all(
        methods.map(async (method) => (await endpoint.request("/get/k", { method })).status),
      );

      expect(statuses).toEqual([405, 405, 405]);
    });
  });

  describe("the token", () => {
    it("is asked for before anything is read", async () => {
      const headers = { authorization: "Bearer another token" };
      const wrong = await endpoint.request("/", { method: "POST", headers, body: "no JSON" });
      const missing = await fetch(`${endpoint.url}/get/k`);

      expect([wrong.status, missing.status]).toEqual([401, 401]);
      expect(await wrong.json()).toEqual({ error: "WRONGPASS invalid or missing auth token" });
      expect(wrong.headers.get("upstash-sync-token")).not.toBeNull();
    });

    it("may be in the address, and is no argument then", async () => {
      const address = `${endpoint.url}/set/k/v?_token=${encodeURIComponent(endpoint.token)}&EX=100`;

      expect(await (await fetch(address)).json()).toEqual({ result: "OK" });
      expect(await endpoint.command("TTL", "k")).toEqual({ result: 100 });
    });
  });

  describe("a pipeline", () => {
    it("is executed in order, with errors in their places", async () => {
      const response = await posted("/pipeline", [
        ["SET", "k", "v"],
        ["INCR", "k"],
        ["BLPOP", "l", 0],
        ["GET", "k"],
      ]);

      expect(response.status).toBe(200);
      expect(await response.json()).toEqual([
        { result: "OK" },
        { error: "ERR value is not an integer or out of range" },
        { error: "ERR Command is not available: 'BLPOP'. It cannot be sent over HTTP" },
        { result: "v" },
      ]);
    });

    it("that is no array of arrays is refused whole", async () => {
      const response = await posted("/pipeline", ["SET", "k", "v"]);

      expect(response.status).toBe(400);
      expect(await endpoint.command("EXISTS", "k")).toEqual({ result: 0 });
    });
  });

  describe("a transaction", () => {
    it("is executed with errors in their places", async () => {
      const response = await posted("/multi-exec", [
        ["SET", "k", "v"],
        ["INCR", "k"],
        ["APPEND", "k", "w"],
      ]);

      expect(response.status).toBe(200);
      expect(await response.json()).toEqual([
        { result: "OK" },
        { error: "ERR value is not an integer or out of range" },
        { result: 2 },
      ]);
    });

    it.each([
      ["a wrong number of arguments", ["GET"], "ERR wrong number of arguments for 'get' command"],
      ["a command that there is not", ["NONSENSE"], expect.stringMatching(/^ERR unknown command 'NONSENSE'/i)],
      ["a blocking command", ["BLPOP", "l", 0], expect.stringContaining("not available")],
    ])("is discarded whole for %s", async (_, row, error) => {
      const response = await posted("/multi-exec", [["SET", "k", "v"], row]);

      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error });
      expect(await endpoint.command("EXISTS", "k")).toEqual({ result: 0 });
    });
  });

  describe("the official client", () => {
    it("stores and reads text, integers and objects", async () => {
      const redis = endpoint.client({ automaticDeserialization: true });
      await redis.set("object", { a: [1, "ü"] }, { ex: 100 });
      await redis.hset("hash", { one: 1, two: "zwei" });

      expect(await redis.get("object")).toEqual({ a: [1, "ü"] });
      expect(await redis.hgetall("hash")).toEqual({ one: 1, two: "zwei" });
      expect(await redis.incrby("n", 5)).toBe(5);
      expect(await redis.mget("n", "none")).toEqual([5, null]);
      expect(await redis.ttl("object")).toBe(100);
    });

    it("stores a literal OK anywhere", async () => {
      const redis = endpoint.client();
      await redis.set("k", "OK");
      await redis.rpush("l", "OK");

      expect(await redis.get("k")).toBe("OK");
      expect(await redis.lrange("l", 0, -1)).toEqual(["OK"]);
    });

    it("pipelines, runs transactions, and gets each error", async () => {
      const redis = endpoint.client();
      const pipeline = redis.pipeline().set("k", "v").incr("k").get("k");
      const transaction = redis.multi().lpush("l", "a", "b").llen("l");

      expect(await pipeline.exec({ keepErrors: true })).toMatchObject([
        { result: "OK" },
        { error: expect.stringContaining("not an integer") },
        { result: "v" },
      ]);
      expect(await transaction.exec()).toEqual([2, 2]);
    });

    it("pipelines by itself what is asked for at once", async () => {
      const redis = endpoint.client({ enableAutoPipelining: true });
      const increments = Array.from({ length: 50 }, () => redis.incr("n"));

      expect(await Promise.all(increments)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    });

    it("throws what Redis said", async () => {
      await expect(
        endpoint
          .client()
          .lpush("k", "v")
          .then(() => endpoint.client().get("k")),
      ).rejects.toThrow("WRONGTYPE");
      await expect(endpoint.client({ token: "wrong" }).get("k")).rejects.toThrow("WRONGPASS");
    });

    it("ranks, ranges and scans", async () => {
      const redis = endpoint.client({ automaticDeserialization: true });
      await redis.zadd("z", { score: 1, member: "a" }, { score: 2.5, member: "b" }, { score: 3, member: "c" });
      await redis.sadd("s", "x", "y");

      expect(await redis.zrange("z", 2, "+inf", { byScore: true, withScores: true })).toEqual(["b", 2.5, "c", 3]);
      expect(await redis.zrange("z", 0, 1, { rev: true })).toEqual(["c", "b"]);
      expect((await redis.smembers("s")).toSorted()).toEqual(["x", "y"]);
      const [cursor, keys] = await redis.scan(0, { match: "z*", count: 100 });
      expect([cursor, keys]).toEqual(["0", ["z"]]);
    });
  });

  describe("a body", () => {
    it("may come in pieces of unknown length", async () => {
      const body = new Blob(["pie", "ces"]).stream();
      const init = { method: "POST", body, duplex: "half" };

      expect(await json("/set/k", init)).toEqual({ result: "OK" });
      expect(await endpoint.command("GET", "k")).toEqual({ result: "pieces" });
    });

    it.each([
      ["says so", (): BodyInit => "x".repeat(101)],
      ["comes in pieces", (): BodyInit => new Blob(["x".repeat(101)]).stream()],
    ])("that is too large and %s is refused", async (_, body) => {
      const small = await startEndpoint(engine, { maxBody: 100 });
      const init = { method: "POST", body: body(), duplex: "half" };
      const response = await small.request("/set/k", init);
      const kept = await small.command("EXISTS", "k");
      await small.close();

      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: "ERR max request size exceeded. Limit: 100 bytes" });
      expect(kept).toEqual({ result: 0 });
    });
  });
});
