import { type Platform, Umbel } from "@umbel/core";
import { encodeEvent, encodeEvents } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { events, State } from "../src/index.ts";
import { firstAt, flakyStore, type FlakyStore } from "./flaky-store.ts";

const by = { hostname: "w@shop", timestamp: firstAt / 1000, pid: 7 };
const uuid = "7f1c";
const sent = { ...by, hostname: "gen1@web", type: "task-sent", uuid, name: "add", args: "(2, 3)" };
const received = { ...by, type: "task-received", uuid, name: "add", args: "(2, 3)" };
const started = { ...by, type: "task-started", uuid };
const succeeded = { ...by, type: "task-succeeded", uuid, result: "5", runtime: 0.5 };
const progress = { ...by, type: "task-progress", uuid, done: 7 };
const online = { ...by, type: "worker-online", freq: 30, sw_ident: "umbel" };
const life = [sent, received, started, succeeded];

describe("a receiver", () => {
  it("calls the handler of an event's type, else the one for all others", async () => {
    const { receiver, publish } = open();
    const calls: string[] = [];
    const captured = receiver.capture({
      limit: 6,
      handlers: {
        "task-succeeded": ({ type, result, runtime }) => void calls.push(`${type} ${result} ${runtime}`),
        "task-progress": ({ uuid: id, done }) => void calls.push(`${String(id)} ${String(done)}`),
        "*": ({ type, hostname }) => void calls.push(`* ${type} ${hostname}`),
      },
    });

    await publish(online, received, progress, succeeded, started, sent);

    expect(await captured).toEqual({ received: 6, malformed: 0 });
    expect(calls).toEqual([
      "* worker-online w@shop",
      "* task-received w@shop",
      "7f1c 7",
      "task-succeeded 5 0.5",
      "* task-started w@shop",
      "* task-sent gen1@web",
    ]);
  });

  it("waits for a handler before it calls the next", async () => {
    const { receiver, publish } = open();
    const steps: string[] = [];
    const captured = receiver.capture({
      limit: 2,
      handlers: {
        async "*"({ type }) {
          steps.push(type);
          await Promise.resolve();
          steps.push("done");
        },
      },
    });

    await publish(received, started);
    await captured;

    expect(steps).toEqual(["task-received", "done", "task-started", "done"]);
  });

  it("knows of an event in its state before the handler does", async () => {
    const { receiver, publish } = open();
    const seen: unknown[] = [];
    const captured = receiver.capture({
      limit: 4,
      handlers: { "*": () => void seen.push(receiver.state.tasks.get(uuid)?.state) },
    });

    await publish(...life);
    await captured;

    expect(seen).toEqual(["PENDING", "RECEIVED", "STARTED", "SUCCESS"]);
    expect(receiver.state).toMatchObject({ eventCount: 4, taskCount: 1 });
  });

  it("adds to an event when it came, and a clock where there is none", async () => {
    const { receiver, publish } = open();
    const captured = receiver.iterate({ limit: 3 });
    const all = listOf(captured);

    await publish({ ...received, clock: 40 }, started, sent);

    const local_received = now() / 1000;
    expect(await all).toEqual([
      { ...received, clock: 40, local_received },
      { ...started, clock: 42, local_received },
      { ...sent, clock: 41, local_received },
    ]);
  });

  it("throws what a handler throws, and can be used again", async () => {
    const { receiver, publish } = open();
    const captured = receiver.capture({
      handlers: {
        "*": () => {
          throw new RangeError("of mine");
        },
      },
    });
    const thrown = refusalOf(captured);

    await publish(received);
    expect(await thrown).toBe("of mine");
    const next = receiver.capture({ limit: 1 });
    await publish(started);

    expect(await next).toEqual({ received: 1, malformed: 0 });
  });

  it("takes lists apart, and leaves out what is malformed", async () => {
    const { receiver, publish, store } = open();
    const types: string[] = [];
    const captured = receiver.capture({ handlers: { "*": ({ type }) => void types.push(type) }, limit: 4 });
    await turn();

    store.publish(encodeEvents([received, started], { deliveryTag: "list" }));
    for (const text of ["", "{}", "null", encodeEvent(received, { deliveryTag: "x" }).replace("base64", "rot13")]) {
      store.publish(text);
    }
    await publish(
      { type: "task-received", ...by },
      { ...started, timestamp: Number.NaN },
      { ...by, type: "" },
      sent,
      succeeded,
    );

    expect(await captured).toEqual({ received: 4, malformed: 7 });
    expect(types).toEqual(["task-received", "task-started", "task-sent", "task-succeeded"]);
    expect([receiver.received, receiver.malformed, receiver.state.malformed]).toEqual([4, 7, 7]);
  });

  it.each([
    ["an instant", new Date(firstAt + 2000)],
    ["so long ago", 10],
    ["so long ago, in words", "10s"],
  ])("begins in the past: at %s", async (_, since) => {
    const { receiver, publish } = open({ clock: () => firstAt + 12_000 });
    await publish(sent, received, started, succeeded);

    const types = await listOf(receiver.iterate({ since, limit: 2 }));

    expect(types).toMatchObject([{ type: "task-started" }, { type: "task-succeeded" }]);
    expect(receiver.state.workers.get("w@shop")?.heartbeats).toEqual([firstAt / 1000 + 2, firstAt / 1000 + 3]);
  });

  it("shows from now on what comes late, without a name", async () => {
    const { receiver, publish } = open();
    await publish(sent, received);
    const next = receiver.iterate({ limit: 1 }).next();

    await publish(succeeded);

    expect((await next).value).toMatchObject({ type: "task-succeeded" });
    expect(receiver.state.tasks.get(uuid)).toMatchObject({ state: "SUCCESS", name: null });
  });

  it("ends by its signal, and after silence", async () => {
    const { receiver, publish, pass } = open();
    const handlers = { "*": () => undefined };
    const over = new AbortController();
    const first = receiver.capture({ handlers, signal: over.signal });
    await publish(received);
    over.abort();
    expect(await first).toEqual({ received: 1, malformed: 0 });

    const second = receiver.capture({ handlers, timeout: "1m" });
    await turn();
    pass(59);
    await publish(started);
    pass(59);
    await publish(succeeded);
    pass(60);

    expect(await second).toEqual({ received: 2, malformed: 0 });
    expect(await receiver.capture({ handlers, signal: AbortSignal.abort() })).toEqual({ received: 0, malformed: 0 });
  });

  it("stops listening when the loop over it is left", async () => {
    const { receiver, publish, store } = open();
    const types: string[] = [];
    const loop = (async () => {
      for await (const { type } of receiver) {
        types.push(type);
        break;
      }
    })();

    await publish(received);
    await loop;
    const before = store.readings.length;
    store.breakOff();
    await turn();

    expect(types).toEqual(["task-received"]);
    expect(store.readings).toHaveLength(before);
  });

  it("folds into the state that it is given", async () => {
    const state = new State();
    const { receiver, publish } = open({ state });
    const captured = receiver.capture({ limit: 1 });

    await publish(received);
    await captured;

    expect(receiver.state).toBe(state);
    expect(state.tasks.get(uuid)?.name).toBe("add");
  });

  it("does one thing at a time", async () => {
    const { receiver, publish } = open();
    const first = receiver.capture({ limit: 1 });

    await expect(receiver.iterate().next()).rejects.toThrow("This receiver receives already");
    await publish(received);
    await first;
  });

  it("says in the log when the store is lost, or to whom it is told", async () => {
    const { receiver, publish, store, lines, pass } = open();
    const lost: string[] = [];
    for (const options of [{}, { onLost: (error: Error) => void lost.push(error.message) }]) {
      const captured = receiver.capture({ limit: 1, ...options });
      await turn();
      store.fail(true);
      store.breakOff();
      await turn();
      store.fail(false);
      pass(5);
      await publish(received);
      await captured;
    }

    expect(lines).toEqual(["The store of events is lost, and is tried until it answers: flaky: nobody there"]);
    expect(lost).toEqual(["flaky: nobody there"]);
  });

  it("says when a lost store answers again", async () => {
    const { receiver, publish, store, pass } = open();
    const told: string[] = [];
    const captured = receiver.capture({
      limit: 1,
      onLost: ({ code }) => void told.push(code),
      onFound: () => void told.push("found"),
    });
    await turn();
    store.fail(true);
    store.breakOff();
    await turn();
    store.fail(false);
    pass(5);
    await publish(received);
    await captured;

    expect(told).toEqual(["BACKEND_UNAVAILABLE", "found"]);
  });

  it("is refused where it cannot be", async () => {
    const { app, receiver, store } = open();
    const wrong: readonly object[] = [
      { limit: 0 },
      { timeout: 0 },
      { since: "yesterday" },
      { since: new Date("x") },
      { singal: 1 },
      { handlers: { "task-failed": 1 } },
      { handlers: { taskFailed: () => undefined } },
    ];

    const refusals = await Promise.all(wrong.map(async (each) => await refusalOf(receiver.capture(Object(each)))));

    expect(refusals).toEqual([
      "limit of capture() is 0: give a whole number above 0",
      'timeout of capture() is 0: give seconds above 0, or a text such as "10m"',
      'since of capture() is "yesterday": give a Date, or how long ago: seconds, or a text such as "10m"',
      expect.stringContaining("since of capture() is"),
      'There is no option "singal" of capture(); the nearest name is "signal"; there are limit, timeout, signal, since, onReady, onLost, onFound',
      'The handler of "task-failed" is 1: give a function',
      'There is no event "taskFailed": write "task-failed"',
    ]);
    expect(() => events(app, Object({ stor: store }))).toThrow('There is no option "stor" of events()');
    await expect(events(app).iterate().next()).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
    await expect(
      events(new Umbel("shop", { backend: Object({ name: "own" }) }))
        .iterate()
        .next(),
    ).rejects.toThrow('There is no place for events beside the backend "own" of the application "shop"');
    store.fail(true);
    await expect(receiver.capture()).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
  });
});

function now(): number {
  return firstAt;
}

/** A receiver, what it listens to, and the clock that it waits by. */
function open({ state, clock = now }: { state?: State; clock?: () => number } = {}) {
  const store: FlakyStore = flakyStore();
  const lines: string[] = [];
  const waiting = new Set<{ left: number; readonly wake: () => void }>();
  const platform: Partial<Platform> = {
    now: clock,
    async sleep(seconds, signal) {
      // What is shorter than a second is a rest between two tries.
      if (seconds < 1) return await turn(1);
      await new Promise<void>((resolve, reject) => {
        const sleeper = { left: seconds, wake: resolve };
        waiting.add(sleeper);
        signal?.addEventListener("abort", () => {
          waiting.delete(sleeper);
          reject(new Error("woken"));
        });
      });
    },
  };
  const app = new Umbel("shop", { platform, log: ({ message }) => void lines.push(message) });
  const receiver = events(app, { store, ...(state && { state }) });
  let count = 0;

  return {
    app,
    receiver,
    store,
    lines,

    /** Each is heard when this resolves. */
    publish: async (...bodies: readonly object[]) => {
      for (const body of bodies) {
        await turn();
        count += 1;
        // What is malformed is published too.
        store.publish(encodeEvent(Object(body), { deliveryTag: String(count) }));
      }
      await turn();
    },

    pass: (seconds: number) => {
      for (const sleeper of waiting) {
        sleeper.left -= seconds;
        if (sleeper.left <= 0) sleeper.wake();
      }
    },
  };
}

async function listOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const each of items) list.push(each);
  return list;
}

async function refusalOf(refused: Promise<unknown>): Promise<string> {
  return await refused.then(
    () => "taken",
    (error: unknown) => String(error instanceof Error ? error.message : error),
  );
}

/** Lets others have their turn, many times: whatever can happen has happened. */
async function turn(times = 200): Promise<void> {
  for (let nth = 0; nth < times; nth += 1) await Promise.resolve();
}
