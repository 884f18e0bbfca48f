/** A receiver hears an application's events on every store, and whoever listens over HTTP misses nothing. */

import { upstash } from "@umbel/upstash-redis";
import { type CallerBackend, type Connect, Umbel } from "umbel";
import { events, eventRoutes, type Receiver } from "umbel/events";
import { memoryBackend } from "umbel/memory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, type ServedStore, serveStore } from "../store.ts";
import { until } from "../until.ts";

const token = "events-of-mine";

describe.each(["memory", ...engines] as const)("on %s", (place) => {
  let store: ServedStore | undefined;
  let prefixes = 0;
  beforeAll(async () => {
    if (place !== "memory") store = await serveStore(place);
  });
  afterAll(async () => await store?.stop());

  /** An application before an empty store. */
  function open(options: { readonly subscribe?: boolean } = {}) {
    prefixes += 1;
    const backend: CallerBackend | Connect<CallerBackend> =
      store === undefined ? memoryBackend() : upstash({ ...store.address, prefix: `${prefixes}:`, ...options });
    const app = new Umbel("shop", { backend, env: { UMBEL_EVENTS_TOKEN: token }, log: () => undefined });
    return { app, receiver: events(app) };
  }

  it("hears all that is told from when it is asked to, and no more", async () => {
    const { app, receiver } = open();
    await app.sendEvent("shop-before");
    const { heard, ready } = hear(receiver, 3);
    await ready;

    await app.sendEvent("shop-opened", { by: "me" });
    await app.sendEvent("task-updated", { uuid: "7f1c", done: 7 });
    await app.sendEvent("shop-closed");

    expect(await heard).toEqual(["shop-opened", "task-updated", "shop-closed"]);
    expect(receiver.state.tasks.get("7f1c")).toMatchObject({ state: "UPDATED", name: null, extra: { done: 7 } });
    expect(receiver).toMatchObject({ received: 3, malformed: 0 });
  });

  it("hears the past first, each once", async () => {
    const { app, receiver } = open();
    for (let nth = 0; nth < 5; nth += 1) await app.sendEvent(`shop-${nth}`);
    const { heard } = hear(receiver, 10, "1m");

    for (let nth = 5; nth < 10; nth += 1) await app.sendEvent(`shop-${nth}`);

    expect(await heard).toEqual(Array.from({ length: 10 }, (_, nth) => `shop-${nth}`));
  });

  it("hears all of many, with several who tell", async () => {
    const { app, receiver } = open();
    const { heard, ready } = hear(receiver, 600);
    await ready;

    const tellers = Array.from({ length: 4 }, async (_, teller) => {
      for (let nth = 0; nth < 150; nth += 1) await app.sendEvent(`shop-${teller}-${nth}`);
    });
    await Promise.all(tellers);

    const types = await heard;
    expect(new Set(types).size).toBe(600);
    for (const teller of [0, 1, 2, 3]) {
      const own = types.filter((type) => type.startsWith(`shop-${teller}-`));
      expect(own).toEqual(Array.from({ length: 150 }, (_, nth) => `shop-${teller}-${nth}`));
    }
  });

  it.skipIf(place === "memory")("asks again and again where it cannot subscribe", async () => {
    const { app, receiver } = open({ subscribe: false });
    const { heard, ready } = hear(receiver, 2);
    await ready;

    await app.sendEvent("shop-opened");
    await app.sendEvent("shop-closed");

    expect(await heard).toEqual(["shop-opened", "shop-closed"]);
  });

  describe("over HTTP", () => {
    it("sends each event as a message, with what it was told", async () => {
      const { app } = open();
      const { messages } = await read(app, 2);

      await app.sendEvent("shop-opened", { by: "me" });
      await app.sendEvent("shop-closed");

      const [first, second] = await messages;
      expect(first).toMatchObject({ data: { type: "shop-opened", by: "me", hostname: "shop@js" } });
      expect(first?.data["local_received"]).toBeTypeOf("number");
      expect(second).toMatchObject({ data: { type: "shop-closed" } });
    });

    it("goes on behind the last that a reader has had, wherever it was cut off", async () => {
      const { app } = open();
      const types = Array.from({ length: 8 }, (_, nth) => `shop-${nth}`);
      const { messages: first } = await read(app, 4);
      for (const type of types.slice(0, 6)) await app.sendEvent(type);
      const had = await first;

      const others = await Promise.all(
        had.map(async ({ id }, nth) => await read(app, 7 - nth, { headers: { "last-event-id": id } })),
      );
      for (const type of types.slice(6)) await app.sendEvent(type);

      const all = await Promise.all(others.map(async ({ messages }) => await messages));
      expect(all.map((messages) => messages.map(({ data }) => data["type"]))).toEqual(
        had.map((_, nth) => types.slice(nth + 1)),
      );
    });

    it("refuses to go on behind what is no event's id, so that no reader comes back with it for ever", async () => {
      const { app } = open();
      await app.sendEvent("shop-opened");

      const answers = ["garbage", "garbage~0123456789abcdef"].map(
        async (id) => await eventRoutes(app).fetch(requestOf({ headers: { "last-event-id": id } })),
      );

      for (const { status } of await Promise.all(answers)) expect(status).toBe(400);
    });

    it("goes on behind the id that a browser's library names in the query, among parameters that are others'", async () => {
      const { app } = open();
      for (const type of ["shop-opened", "shop-closed"]) await app.sendEvent(type);
      const { messages: had } = await read(app, 1, { query: "?since=1m" });
      const [{ id } = { id: "" }] = await had;

      const query = `?lastEventId=${encodeURIComponent(id)}&since=1m&_=1764000000&t=2`;
      const { messages } = await read(app, 1, { query });

      expect((await messages).map(({ data }) => data["type"])).toEqual(["shop-closed"]);
    });

    it("sends some types only, and the past first where that is wanted", async () => {
      const { app } = open();
      for (const type of ["shop-opened", "task-updated", "shop-closed"]) await app.sendEvent(type, { uuid: "1" });

      const { messages } = await read(app, 2, { query: "?since=1m&type=shop-opened,shop-moved&type=shop-closed" });

      expect((await messages).map(({ data }) => data["type"])).toEqual(["shop-opened", "shop-closed"]);
    });
  });
});

describe("the stream of events", () => {
  const backend = memoryBackend();
  const app = new Umbel("shop", { backend, env: { UMBEL_EVENTS_TOKEN: token }, log: () => undefined });
  const get = async (path: string, headers: Record<string, string> = {}) =>
    await eventRoutes(app).fetch(new Request(`http://shop.example${path}`, { headers }));

  it.each([
    ["/", {}, { status: 401, code: "UNAUTHORIZED" }],
    ["/", { authorization: "Bearer wrong" }, { status: 401, code: "UNAUTHORIZED" }],
    ["/", { authorization: "Bearer umbel-dev" }, { status: 401, code: "UNAUTHORIZED" }],
    ["/?since=yesterday", { authorization: `Bearer ${token}` }, { status: 400, code: "VALIDATION" }],
    ["/", { authorization: `Bearer ${token}`, "last-event-id": "../../" }, { status: 400, code: "VALIDATION" }],
    ["/", { authorization: `Bearer ${token}`, "last-event-id": "garbage" }, { status: 400, code: "VALIDATION" }],
    [
      "/?types=task-failed",
      { authorization: `Bearer ${token}` },
      { status: 400, code: "VALIDATION", detail: "Unknown: types. There are type, own, since, lastEventId" },
    ],
    [
      "/?lastEventId=garbage",
      { authorization: `Bearer ${token}` },
      { status: 400, code: "VALIDATION", detail: "Last-Event-ID is none of this stream's" },
    ],
    [
      "/?type=task-sent,task-faild",
      { authorization: `Bearer ${token}` },
      { status: 400, code: "VALIDATION", detail: expect.stringContaining('the nearest name is "task-failed"') },
    ],
  ])("refuses %s with %j", async (path, headers, problem) => {
    const response = await get(path, headers);

    expect(response.status).toBe(problem.status);
    expect(await response.json()).toMatchObject(problem);
  });

  it("needs a secret of one's own where strangers can come", async () => {
    const open = new Umbel("shop", { backend, log: () => undefined });
    const headers = { authorization: "Bearer umbel-dev" };
    const response = await eventRoutes(open).fetch(new Request("http://shop.example/", { headers }));

    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: "MISSING_SETTING",
      detail: expect.stringContaining("UMBEL_EVENTS_TOKEN"),
    });
  });

  it("is refused while the store cannot be reached", async () => {
    const lost = new Umbel("shop", {
      backend: upstash({ url: "http://127.0.0.1:1", token: "x", timeout: 1 }),
      env: { UMBEL_EVENTS_TOKEN: token },
      log: () => undefined,
    });
    const headers = { authorization: `Bearer ${token}` };
    const response = await eventRoutes(lost).fetch(new Request("http://shop.example/", { headers }));

    expect(response.status).toBe(503);
  });

  it("gives signs of life, which tell a reader who gets nothing where it is", async () => {
    const response = await eventRoutes(app, { heartbeat: 0.01 }).fetch(
      new Request("http://shop.example/?type=none-of-these", { headers: { authorization: `Bearer ${token}` } }),
    );
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    await app.sendEvent("shop-opened");

    await until(async () => {
      text += (await reader?.read())?.value ?? "";
      return text.includes(": ping\n\n") || text.includes(": ping\nid: ");
    });
    await until(async () => {
      text += (await reader?.read())?.value ?? "";
      return /: ping\nid: ~[\da-f]{16}\n\n|: ping\nid: \d+\n\n/.test(text);
    });
    await reader?.cancel();

    expect(text).not.toContain("data:");
  });
});

/** Reads so many messages of a stream, and goes. */
async function read(app: Umbel, count: number, { query = "", headers = {} }: Asking = {}) {
  const response = await eventRoutes(app).fetch(requestOf({ query, headers }));
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  return { messages: messagesIn(response, count) };
}

function requestOf({ query = "", headers = {} }: Asking): Request {
  return new Request(`http://shop.example/${query}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
}

interface Asking {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Message {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Messages as they come; the stream is left after so many. */
async function messagesIn(response: Response, count: number): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let rest = "";
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    messages.push(...blocks.flatMap(messageIn));
    if (messages.length >= count) break;
  }
  return messages.slice(0, count);
}

function messageIn(block: string): readonly Message[] {
  const { data } = /^data: (?<data>.*)$/m.exec(block)?.groups ?? {};
  const { id = "" } = /^id: (?<id>.*)$/m.exec(block)?.groups ?? {};
  return data === undefined ? [] : [{ id, data: JSON.parse(data) }];
}

/** The types of so many events, and when it is sure that none is missed. */
function hear(receiver: Receiver, limit: number, since?: string) {
  const types: string[] = [];
  const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
  const from = since === undefined ? {} : { since };
  const handlers = { "*": ({ type }: { readonly type: string }) => void types.push(type) };
  const heard = receiver.capture({ limit, timeout: 20, onReady, ...from, handlers }).then(() => types);
  return { heard, ready };
}
