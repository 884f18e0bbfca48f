/**
 * Publish and subscribe as server-sent events, through the official client and by hand, before both engines.
 *
 * @module
 */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { embeddedEngine } from "../src/redis/embedded/engine.ts";
import type { RedisEngine } from "../src/redis/engine.ts";
import { eventStream } from "../src/redis/event-stream.ts";
import { openDatabase } from "../src/store/database.ts";
import { type Endpoint, engines, startEndpoint } from "./redis-endpoint.ts";
import { hasRedis, startRedis } from "./redis-process.ts";

/** Reads a stream of events. */
function reading(response: Response): {
  until(text: string): Promise<string>;
  ended(): Promise<string>;
  leave(): Promise<void>;
} {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";

  async function read(): Promise<boolean> {
    const { done, value = "" } = (await reader?.read()) ?? { done: true };
    seen += value;
    return !done;
  }

  return {
    async until(text) {
      while (!seen.includes(text)) if (!(await read())) throw new Error(`The stream ended after ${seen}`);
      return seen;
    },
    async ended() {
      while (await read());
      return seen;
    },
    leave: async () => reader?.cancel(),
  };
}

describe.each(engines)("a subscription before the $engine engine", ({ engine, present }) => {
  let endpoint: Endpoint;

  beforeAll(async () => {
    if (present) endpoint = await startEndpoint(engine);
  });
  afterAll(async () => endpoint?.close());
  beforeEach(({ skip }) => skip(!present, "redis-server is not installed"));

  async function subscribed(path: string): Promise<ReturnType<typeof reading>> {
    const response = await endpoint.request(path, { method: "POST", headers: { accept: "text/event-stream" } });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    return reading(response);
  }

  it("hears every message from the moment it is told that it is subscribed", async () => {
    const events = await subscribed("/subscribe/news");
    await events.until("data: subscribe,news,1\n\n");
    const heard = await endpoint.command("PUBLISH", "news", "one, two");
    await endpoint.command("PUBLISH", "other", "nothing");
    await endpoint.command("PUBLISH", "news", "three");

    expect(heard).toEqual({ result: 1 });
    expect(await events.until("three")).toBe(
      "data: subscribe,news,1\n\ndata: message,news,one, two\n\ndata: message,news,three\n\n",
    );
    await events.leave();
  });

  it("hears the channels of a pattern", async () => {
    const events = await subscribed("/psubscribe/news.[a-c]*");
    await events.until("data: psubscribe,news.[a-c]*,1\n\n");
    await endpoint.command("PUBLISH", "news.dogs", "no");
    await endpoint.command("PUBLISH", "news.cats", "yes");

    expect(await events.until("yes")).toContain("data: pmessage,news.[a-c]*,news.cats,yes\n\n");
    expect(await events.until("yes")).not.toContain("dogs");
    await events.leave();
  });

  it.each([
    ["/subscribe/celery-task-meta-%7Bid%7D%20x", "celery-task-meta-{id} x"],
    ["/subscribe/a/b:c@d", "a/b:c@d"],
    ["/subscribe/what?is=this", "what?is=this"],
    ["/subscribe/what%3Fis%3Dthis?_token=ignored", "what?is=this"],
    ["/subscribe/100%", "100%"],
    ["/subscribe/ünï", "ünï"],
  ])("takes the channel from %s", async (path, channel) => {
    const events = await subscribed(path);
    await events.until(`data: subscribe,${channel},1\n\n`);
    await endpoint.command("PUBLISH", channel, "here");

    expect(await events.until("here")).toContain(`data: message,${channel},here\n\n`);
    await events.leave();
  });

  it("writes a line break in a message as the standard has it", async () => {
    const events = await subscribed("/subscribe/lines");
    await events.until("subscribe");
    await endpoint.command("PUBLISH", "lines", "a\nb");

    expect(await events.until("b\n\n")).toContain("data: message,lines,a\ndata: b\n\n");
    await events.leave();
  });

  it("ends when the request is closed, and leaves others alone", async () => {
    const [first, second] = [await subscribed("/subscribe/shared"), await subscribed("/subscribe/shared")];
    await Promise.all([first.until("subscribe"), second.until("subscribe")]);
    await first.leave();
    await endpoint.command("PUBLISH", "shared", "still");

    expect(await second.until("still")).toContain("message,shared,still");
    await second.leave();
    await expect.poll(async () => await endpoint.command("PUBLISH", "shared", "nobody")).toEqual({ result: 0 });
  });

  it("hears again after everybody has left and somebody has come back", async () => {
    const first = await subscribed("/subscribe/again");
    await first.until("subscribe");
    await first.leave();
    const second = await subscribed("/subscribe/again");
    await second.until("subscribe");
    await expect.poll(async () => await endpoint.command("PUBLISH", "again", "x")).toEqual({ result: 1 });

    expect(await second.until("x")).toContain("message,again,x");
    await second.leave();
  });

  it("asks for the token", async () => {
    const response = await fetch(`${endpoint.url}/subscribe/news`, { method: "POST" });

    expect(response.status).toBe(401);
  });

  it("may be opened by an EventSource: with GET, and the token in the address", async () => {
    const response = await fetch(`${endpoint.url}/subscribe/news?_token=${encodeURIComponent(endpoint.token)}`);
    const events = reading(response);

    expect(await events.until("news")).toBe("data: subscribe,news,1\n\n");
    await events.leave();
  });

  it("serves the official client", async () => {
    const client = endpoint.client({ automaticDeserialization: true });
    const messages: unknown[] = [];
    const subscription = client.subscribe<unknown>(["one", "two"]);
    subscription.on("message", ({ channel, message }) => void messages.push([channel, message]));
    const patterns = client.psubscribe<unknown>("*");
    patterns.on("pmessage", ({ pattern, channel, message }) => void messages.push([pattern, channel, message]));
    const ask = async () => [await client.publish("one", "ready?"), await client.publish("two", "ready?")];
    await expect.poll(ask).toEqual([2, 2]);
    await client.publish("two", { a: 1 });

    const sent = [
      ["two", { a: 1 }],
      ["*", "two", { a: 1 }],
    ];
    await expect.poll(() => messages).toEqual(expect.arrayContaining(sent));
    await subscription.unsubscribe();
    await patterns.unsubscribe();
  });

  it("says that it is there while nothing is said", async () => {
    const pinging = await startEndpoint(engine, { pingInterval: 0.005 });
    const events = reading(await pinging.request("/subscribe/silence", { method: "POST" }));

    expect(await events.until(": ping\n\n: ping\n\n")).toContain("data: subscribe,silence,1\n\n");
    await events.leave();
    await pinging.close();
  });

  it("ends when the endpoint is closed", async () => {
    const closing = await startEndpoint(engine);
    const events = reading(await closing.request("/subscribe/news", { method: "POST" }));
    await events.until("subscribe");
    await closing.close();

    expect(await events.ended()).toBe("data: subscribe,news,1\n\n");
  });
});

describe.skipIf(!hasRedis)("an endpoint whose Redis goes away", () => {
  it("ends what is subscribed, answers 503, and comes back with it", async () => {
    const before = await startRedis();
    const port = Number(new URL(before.url).port);
    const lines: string[] = [];
    const endpoint = await startEndpoint("embedded", { redisUrl: before.url, log: (line) => void lines.push(line) });
    const events = reading(await endpoint.request("/subscribe/news", { method: "POST" }));
    await events.until("subscribe");
    await before.stop();

    await events.ended();
    const response = await endpoint.request("/get/k");
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      error: `ERR Redis cannot be reached at 127.0.0.1:${port}, where the gateway's REDIS_URL says that it is`,
    });
    expect(lines.join()).toContain("ECONNREFUSED");

    const after = await startRedis(port);
    await expect.poll(async () => (await endpoint.request("/get/k")).status).toBe(200);
    await endpoint.close();
    await after.stop();
  });
});

describe("a stream of events", () => {
  const topic = { kind: "channel", name: "c" } as const;

  it("begins with the word that one is subscribed, though a message comes first", async () => {
    const engine: RedisEngine = {
      run: async () => [],
      async subscribe(_, listener) {
        listener.message("c", Buffer.from("early"));
        return () => undefined;
      },
      close: async () => undefined,
    };
    const events = reading(await eventStream({ engine, topic, pingInterval: 60 }));

    expect(await events.until("early")).toBe("data: subscribe,c,1\n\ndata: message,c,early\n\n");
    await events.leave();
  });

  it("keeps a listener that reads, however large a message is", async () => {
    const database = openDatabase(":memory:");
    const engine = embeddedEngine({ database });
    const publish = (text: string): Promise<unknown> =>
      engine.run([{ name: "PUBLISH", args: [Buffer.from("c"), Buffer.from(text)] }], { atomic: false });
    const events = reading(await eventStream({ engine, topic, pingInterval: 60 }));

    await publish(`${"x".repeat(9 * 1024 * 1024)} large`);
    await events.until("large");
    const heard = await publish("small");

    expect(heard).toEqual([1]);
    expect(await events.until("small")).toContain("data: message,c,small\n\n");
    await events.leave();
    database.close();
  });

  it("lets go of a listener that does not read", async () => {
    const database = openDatabase(":memory:");
    const engine = embeddedEngine({ database });
    const publish = { name: "PUBLISH", args: [Buffer.from("c"), Buffer.alloc(1024 * 1024, "x")] };
    const response = await eventStream({ engine, topic, pingInterval: 60 });
    const heard = await engine.run(
      Array.from({ length: 9 }, () => publish),
      { atomic: false },
    );
    const later = await engine.run([publish], { atomic: false });

    expect(heard).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(later).toEqual([0]);
    expect(await reading(response).ended()).toContain("data: subscribe,c,1");
    database.close();
  });
});
