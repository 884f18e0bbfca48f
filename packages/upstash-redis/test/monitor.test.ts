import { ImproperlyConfigured, type MonitorStore } from "@umbel/protocol";
import { upstash, upstashMonitor, type UpstashOptions } from "@umbel/upstash-redis";
import { describe, expect, it } from "vitest";
import { keysWith } from "../src/keys.ts";
import { type Reply, startRecorder } from "./recorder.ts";

const change = { from: "", text: "{}", paused: ["default"], drained: ["w@shop"] };

describe("a call of the monitor's store", () => {
  it.each<{
    readonly name: string;
    readonly call: (store: MonitorStore) => Promise<unknown>;
    readonly commands: number;
  }>([
    { name: "past", call: (store) => store.past({ limit: 10 }), commands: 1 },
    { name: "workers", call: (store) => store.workers(), commands: 1 },
    { name: "active", call: (store) => store.active({ limit: 10 }), commands: 1 },
    { name: "records of three", call: (store) => store.records(["a", "b", "c"]), commands: 1 },
    { name: "revoked", call: (store) => store.revoked({ limit: 10 }), commands: 1 },
    { name: "counts", call: (store) => store.counts(), commands: 1 },
    { name: "directives", call: (store) => store.directives(), commands: 1 },
    { name: "direct", call: (store) => store.direct(change), commands: 1 },
    { name: "leave", call: (store) => store.leave("w@shop"), commands: 2 },
  ])("$name is one request of $commands", async ({ call, commands }) => {
    const { url, requests } = await startRecorder({
      reply: () => [[], 0],
    });

    await call(open({ url }));

    expect(requests.map((request) => request.length)).toEqual([commands]);
  });

  it.each<Reply>([null, "text", 5])("that is answered with %j is told as an error", async (reply) => {
    const { url } = await startRecorder({ reply: () => reply });
    const store = open({ url });

    await expect(store.past({ limit: 1 })).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
    await expect(store.active({ limit: 1 })).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
    await expect(store.workers()).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
  });
});

describe("a record that another version has written", () => {
  const attempt = JSON.stringify(["0", "0", "x", "run", "", "5", ""]);

  it.each<{ readonly name: string; readonly words: readonly string[]; readonly view: object }>([
    { name: "no JSON", words: ["{", "7", "", "", "{}"], view: { about: "{}", leaseUntil: 7 } },
    { name: "no list", words: ['{"start":5}', "7", "", "", ""], view: { leaseUntil: 7 } },
    { name: "no instant", words: ['["0","0","x","run","","soon",""]', "7", "", "", ""], view: { leaseUntil: 7 } },
    { name: "no end of a lease", words: [attempt, "soon", "", "", ""], view: { startedAt: 5 } },
    { name: "an unknown state", words: [attempt, "7", "SLEPT", "", ""], view: { startedAt: 5, leaseUntil: 7 } },
    { name: "an unknown mark", words: [attempt, "7", "RETRY", "cursed", ""], view: { startedAt: 5, state: "RETRY" } },
  ])("is shown without what cannot be read of it: $name", async ({ words, view }) => {
    const key = keysWith("").record("a");
    const { url } = await startRecorder({ reply: () => [key, ...words] });

    expect(await open({ url }).records(["a"])).toMatchObject([{ id: "a", ...view }]);
  });

  it("does not keep others from being listed", async () => {
    const rows = [
      keysWith("").record("a"),
      "{",
      "soon",
      "",
      "",
      "",
      keysWith("").record("b"),
      attempt,
      "7",
      "",
      "",
      "",
    ];
    const { url } = await startRecorder({ reply: () => [rows, ""] });

    expect(await open({ url }).active({ limit: 10 })).toStrictEqual({
      items: [{ id: "b", startedAt: 5, leaseUntil: 7 }],
    });
  });

  it("ends no list, though a page has nothing else", async () => {
    const key = keysWith("").record("a");
    const { url, requests } = await startRecorder({
      reply: (command) => (command.includes(key) ? [[], ""] : [[key, "{", "soon", "", "", ""], `7 ${key}`]),
    });
    const store = open({ url });

    const page = await store.active({ limit: 1 });
    const { cursor = "" } = page;
    const last = await store.active({ limit: 1, cursor });

    expect(page).toStrictEqual({ items: [], cursor: `7 ${key}` });
    expect(last).toStrictEqual({ items: [] });
    expect(requests[1]?.[0]?.slice(-3)).toEqual(["7", key, "1"]);
  });
});

describe("workers", () => {
  it("come in several answers where they are too many for one; one that is met again is there once, as it is last", async () => {
    const pages: Readonly<Record<string, Reply>> = {
      "": [
        [
          ["b", "5", "{}", []],
          ["a", "6", '{"since":1}', ["shop.add", "1"]],
        ],
        "6 a",
      ],
      "6": [
        [
          ["c", "7", "{}", []],
          ["a", "9", '{"since":2}', ["shop.add", "2"]],
        ],
        "",
      ],
    };
    const { url, requests } = await startRecorder({ reply: (command) => pages[command.at(-5) ?? ""] ?? null });

    const workers = await open({ url }).workers();

    expect(workers).toStrictEqual([
      { worker: "a", text: '{"since":2}', until: 9, totals: { "shop.add": 2 } },
      { worker: "b", text: "{}", until: 5, totals: {} },
      { worker: "c", text: "{}", until: 7, totals: {} },
    ]);
    expect(requests.flat().map((command) => command.slice(-5, -2))).toEqual([
      ["", "", "1000"],
      ["6", "a", "1000"],
    ]);
  });
});

describe("the monitor's store beside a backend", () => {
  it("is nothing beside another adapter's", () => {
    const backend = upstash({ url: "http://127.0.0.1:9", token: "token" })(() => undefined);

    expect(upstashMonitor({ ...backend, name: "memory" })).toBeUndefined();
  });

  it("is refused by name before a cluster, which keeps nothing of it", () => {
    const backend = upstash({ url: "http://127.0.0.1:9", token: "token", cluster: true })(() => undefined);

    expect(() => upstashMonitor(backend)).toThrow(ImproperlyConfigured);
    expect(() => upstashMonitor(backend)).toThrow("upstash({ cluster: true })");
  });
});

describe("the key of a record", () => {
  it.each(["", "shop:", "{shop}:", "sh}op:", "{{"])("says whose it is, with the prefix %j", (prefix) => {
    const keys = keysWith(prefix);
    const ids = [
      "a",
      "",
      "{a}",
      "{a}{b}",
      "a{b",
      "{{a}}",
      "a b:c/漢",
      "a}b",
      "}",
      "{}",
      "}{b}",
      "a}",
      "celery-task-meta-a",
    ];

    expect(ids.map((id) => keys.taskOf(keys.record(id)))).toEqual(ids);
  });
});

describe("live", () => {
  it("subscribes to the channels of all events, and reads what comes on each", async () => {
    const { url, requests } = await startRecorder({
      subscribed(stream, pattern) {
        stream.write(`data: psubscribe,${pattern},1\n\n`);
        stream.write(`data: pmessage,${pattern},a,b/0.celeryev/task.sent,{"body":"1,{}"}\n\n: ping\n\n`);
        stream.write(`data: pmessage,${pattern},a,b/0.celeryev/x,y,{"body":"漢"}\n\n`);
      },
    });

    expect(await firstOf(open({ url, prefix: "a,b" }), 3)).toEqual([undefined, '{"body":"1,{}"}', '{"body":"漢"}']);
    expect(requests).toEqual([[["PSUBSCRIBE", "a%2Cb%2F0.celeryev%2F*"]]]);
  });

  it("hears what comes behind an event that is far too long, of which it tells the beginning", async () => {
    const long = `{"body":"${"y".repeat(30_000_000)}"}`;
    const { url } = await startRecorder({
      subscribed(stream, pattern) {
        stream.write(`data: psubscribe,${pattern},1\n\n`);
        for (const text of [long, '{"nth":2}']) stream.write(`data: pmessage,${pattern},/0.celeryev/a,${text}\n\n`);
      },
    });

    const [, first = "", second] = await firstOf(open({ url }), 3);

    expect(first.length).toBeLessThan(17_000_000);
    expect(long.startsWith(first)).toBe(true);
    expect(second).toBe('{"nth":2}');
  });

  it("means characters of the prefix as themselves", async () => {
    const patterns: string[] = [];
    const { url } = await startRecorder({
      subscribed(stream, pattern) {
        patterns.push(pattern);
        stream.write(`data: psubscribe,${pattern},1\n\n`);
      },
    });

    await firstOf(open({ url, prefix: "[a]*?\\" }), 1);

    expect(patterns).toEqual(["\\[a\\]\\*\\?\\\\/0.celeryev/*"]);
  });

  it("says that some may have been missed when the stream breaks off, and subscribes again", async () => {
    let streams = 0;
    const { url } = await startRecorder({
      subscribed(stream, pattern) {
        streams += 1;
        stream.write(`data: psubscribe,${pattern},1\n\n`);
        stream.end(`data: pmessage,${pattern},/0.celeryev/task.sent,{"nth":${streams}}\n\n`);
      },
    });

    const received = await firstOf(open({ url }), 5);

    expect(received).toEqual([undefined, '{"nth":1}', undefined, undefined, '{"nth":2}']);
  });

  it.each<[string, UpstashOptions]>([
    ["cannot be subscribed to", {}],
    ["is not to be subscribed to", { subscribe: false }],
  ])("asks nothing, and says again and again that some may have been missed, when the store %s", async (_, options) => {
    const { url, requests } = await startRecorder();

    expect(await firstOf(open({ url, ...options }), 3)).toEqual([undefined, undefined, undefined]);
    expect(requests.flat().every(([command]) => command === "PSUBSCRIBE")).toBe(true);
  });
});

function open(options: UpstashOptions): MonitorStore {
  return upstashMonitor(upstash({ token: "token", ...options })(() => undefined));
}

/** The first that come of what is live. */
async function firstOf(store: MonitorStore, count: number): Promise<readonly (string | undefined)[]> {
  const over = AbortSignal.timeout(50_000);
  const received: (string | undefined)[] = [];
  for await (const text of store.live(over)) {
    received.push(text);
    if (received.length === count) break;
  }
  return received;
}
