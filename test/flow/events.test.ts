/** What a task's life tells whoever watches: Celery's events, with Celery's fields. */

import { BackendUnavailable, BrokerRejected, type EventBody, MessageTooLargeError } from "@umbel/protocol";
import { type BoundTask, chain, chord, group, Reject, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { acceptance } from "./acceptance-tasks.ts";
import { eventsIn, taskEventsIn, typesIn } from "./watched.ts";
import { type World, world, type WorldOptions } from "./world.ts";

const watched: WorldOptions = { workerSendTaskEvents: true, taskSendSentEvent: true };

/** What each worker's event has besides its own fields. */
/** workerd has no processes, and says 1 of all: then none is told. */
const processes = process.pid > 1 ? { pid: process.pid } : {};

const fromWorker = { hostname: "worker@tasks", ...processes, timestamp: expect.any(Number) };

function beAway(): never {
  throw new BackendUnavailable("away");
}

/** The events of one type. */
async function only(home: World, type: string): Promise<readonly EventBody[]> {
  const all = await taskEventsIn(home);
  return all.filter((each) => each.type === type);
}

describe("an attempt whose worker has died", () => {
  it.each([
    { acksLate: true, rejectOnWorkerLost: true, told: ["received", "started", "received", "started", "succeeded"] },
    { acksLate: true, rejectOnWorkerLost: false, told: ["received", "started", "failed"] },
    { acksLate: false, rejectOnWorkerLost: true, told: ["received", "started", "failed"] },
  ])("is told to begin again only where it does: $acksLate, $rejectOnWorkerLost", async ({ told, ...options }) => {
    const app = new Umbel("shop", { workerSendTaskEvents: true });
    let runs = 0;
    app.task({ name: "shop.add", ...options }, async () => {
      runs += 1;
      return runs === 1 ? await new Promise<number>(() => undefined) : runs;
    });
    await using kit = testKit(app);
    const { id } = await app.sendTask("shop.add");
    void kit.broker.deliverNext().catch(() => undefined);
    await until(() => runs === 1);
    kit.crash();
    await kit.advance(61, { deliver: false });

    await kit.redeliver(0);
    await kit.settle();

    expect(await typesIn(kit)).toEqual(told);
    const begun = told.filter((type) => type === "started").length;
    expect(runs).toBe(begun);
    expect(await kit.backend.monitor.workers()).toMatchObject([{ totals: { "shop.add": begun } }]);
    expect((await app.result(id).get({ propagate: false })) === 2).toBe(begun === 2);
  });
});

describe("a call that is sent, received and started", () => {
  it("is told with its arguments, its place and its times", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    const eta = new Date(home.clock.now() + 60_000);
    const expires = new Date(home.clock.now() + 600_000);

    const { id } = await add.applyAsync([2, 3], { eta, expires, queue: "slow" });
    await home.finish();

    const call = {
      uuid: id,
      name: "tasks.add",
      args: "(2, 3)",
      kwargs: "{}",
      root_id: id,
      parent_id: null,
      retries: 0,
      eta: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+00:00$/),
      expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+00:00$/),
    };
    expect(await taskEventsIn(home)).toEqual([
      {
        type: "task-sent",
        hostname: "tasks@js",
        timestamp: expect.any(Number),
        ...call,
        queue: "slow",
        exchange: "",
        routing_key: "slow",
      },
      { type: "task-received", ...fromWorker, ...call },
      { type: "task-started", ...fromWorker, uuid: id },
      { type: "task-succeeded", ...fromWorker, uuid: id, result: "5", runtime: expect.any(Number) },
    ]);
  });

  it("goes by the name that its caller has given it, where it was received", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);

    await add.applyAsync([2, 3], { shadow: "sum of invoices" });
    await home.drain();

    const [sent] = await only(home, "task-sent");
    const [received] = await only(home, "task-received");
    expect([sent?.["name"], received?.["name"]]).toEqual(["tasks.add", "sum of invoices"]);
  });

  it("is told when the broker has taken it, with the instant at which it was sent", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    const sentAt = home.clock.now();
    home.ports.before("publish", async () => void (await home.clock.advance(3)));

    await add.delay(2, 3);

    expect(home.ports.calls).toEqual(["publish", "emit"]);
    expect(await only(home, "task-sent")).toMatchObject([{ timestamp: sentAt / 1000 }]);
  });

  it("is not told when the broker refuses it for good", async () => {
    const home = world({ ...watched, taskPublishRetry: false });
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    home.ports.before("publish", () => {
      throw new BrokerRejected("no such queue");
    });

    await expect(add.delay(2, 3)).rejects.toThrow(BrokerRejected);

    expect(home.ports.calls).toEqual(["publish"]);
    expect(await only(home, "task-sent")).toEqual([]);
  });

  it("is told with the end that it follows, also where the broker refuses it for good: it ends, and no event tells of that", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    const { parent, id } = await chain(add.s(1, 2), add.s(3)).delay();
    home.ports.before("publish", () => {
      throw new BrokerRejected("no such queue");
    });

    await home.finish();

    const told = await taskEventsIn(home);
    expect(told.map(({ type, uuid }) => [type.slice(5), uuid === id ? "second" : "first"])).toEqual([
      ["sent", "first"],
      ["received", "first"],
      ["started", "first"],
      ["sent", "second"],
      ["succeeded", "first"],
    ]);
    expect(told[0]?.["uuid"]).toBe(parent?.id);
    await expect(home.app.result(id).get()).rejects.toThrow("no such queue");
  });

  it("is sent although the store is away: that is logged, once until it is there again", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    const warnings = () => home.lines.filter(({ message }) => message.includes("could not be told")).length;

    for (let turn = 0; turn < 3; turn += 1) {
      home.ports.before("emit", beAway);
      await add.delay(turn, 1);
    }
    expect(home.broker.waiting).toHaveLength(3);
    expect(warnings()).toBe(1);

    await add.delay(3, 1);
    home.ports.before("emit", beAway);
    await add.delay(4, 1);

    expect(warnings()).toBe(2);
  });

  it("waits a second at most for a store that does not answer", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    home.ports.before("emit", async () => await new Promise<never>(() => undefined));
    const sleepers = home.clock.sleepers();

    const call = add.delay(2, 3);
    await until(() => home.clock.sleepers() > sleepers);
    await home.clock.advance(1);
    await call;

    expect(home.broker.waiting).toHaveLength(1);
    expect(home.lines.filter(({ message }) => message.includes("not answered within 1 s"))).toHaveLength(1);
  });

  it("costs one request for all that is sent with it", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);

    await group([add.s(1, 1), add.s(2, 2), add.s(3, 3)]).delay();

    expect(home.ports.calls).toEqual(["publish", "emit"]);
    expect(await only(home, "task-sent")).toHaveLength(3);
  });
});

/** An end, and what is told of it beside its id. */
interface End {
  readonly end: string;
  readonly body: (task: BoundTask) => string;
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const text = expect.any(String);
const ends: readonly End[] = [
  { end: "returns", body: () => "done", type: "task-succeeded", fields: { result: "'done'", runtime: 0 } },
  {
    end: "returns much",
    body: () => "x".repeat(5000),
    type: "task-succeeded",
    fields: { result: `'${"x".repeat(1020)}...`, runtime: 0 },
  },
  {
    end: "throws",
    body: () => {
      throw new TypeError("boom");
    },
    type: "task-failed",
    fields: { exception: "TypeError('boom')", traceback: expect.stringContaining("TypeError: boom") },
  },
  {
    end: "throws much",
    body: () => {
      throw new Error("x".repeat(100_000));
    },
    type: "task-failed",
    fields: { exception: expect.stringMatching(/^Error\('x{1000,1018}/), traceback: text },
  },
  {
    end: "is rejected",
    body: (task) => task.reject("unwanted"),
    type: "task-rejected",
    fields: { requeue: false },
  },
  {
    end: "throws Reject",
    body: () => {
      throw new Reject("unwanted");
    },
    type: "task-rejected",
    fields: { requeue: false },
  },
];

describe("the end of an attempt", () => {
  it.each(ends)("that $end is told as $type", async ({ body, type, fields }) => {
    const home = world(watched);
    const task = home.app.task({ name: "tasks.one", bind: true }, (bound) => body(bound));

    const { id } = await task.delay();
    await home.finish();

    const told = await taskEventsIn(home);
    expect(told.slice(0, 3).map((each) => each.type)).toEqual(["task-sent", "task-received", "task-started"]);
    expect(told.slice(3)).toEqual([{ type, ...fromWorker, uuid: id, ...fields }]);
  });

  it("that is put back is told as rejected, and then as received again: nobody has sent it", async () => {
    const home = world(watched);
    let runs = 0;
    const task = home.app.task({ name: "tasks.one", bind: true }, ({ reject }) => {
      runs += 1;
      return runs === 1 ? reject("later", { requeue: true }) : null;
    });

    await task.delay();
    await home.finish();

    const again = ["received", "started"];
    expect(await typesIn(home)).toEqual(["sent", ...again, "rejected", ...again, "succeeded"]);
    expect(await only(home, "task-rejected")).toMatchObject([{ requeue: true }]);
  });

  it("that is retried is told with what it threw, and each attempt with its number", async () => {
    const home = world(watched);
    const options = { name: "tasks.one", autoretryFor: [Error], maxRetries: 1, defaultRetryDelay: 5 };
    const task = home.app.task(options, (): null => {
      throw new Error("boom");
    });

    await task.delay();
    await home.finish();

    const first = ["sent", "received", "started"];
    expect(await typesIn(home)).toEqual([...first, "sent", "retried", "received", "started", "failed"]);
    expect(await only(home, "task-sent")).toMatchObject([{ retries: 0 }, { retries: 1, eta: text }]);
    expect(await only(home, "task-received")).toMatchObject([{ retries: 0 }, { retries: 1 }]);
    expect(await only(home, "task-retried")).toEqual([
      { type: "task-retried", ...fromWorker, uuid: text, exception: "Error('boom')", traceback: text },
    ]);
  });

  it("of a task that nobody knows is told without a traceback, and it was not received", async () => {
    const home = world(watched);

    const { id } = await home.app.sendTask("tasks.unknown");
    await home.finish();

    expect((await taskEventsIn(home)).slice(1)).toEqual([
      { type: "task-failed", ...fromWorker, uuid: id, exception: "NotRegistered('tasks.unknown')" },
    ]);
  });

  it("of one that was revoked before it began is told as Celery does, and it was not received", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);

    const result = await add.delay(1, 2);
    await result.revoke();
    await home.finish();

    expect((await taskEventsIn(home)).slice(1)).toEqual([
      { type: "task-revoked", ...fromWorker, uuid: result.id, terminated: false, signum: null, expired: false },
    ]);
  });

  it("of one that has expired says so", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);

    await add.applyAsync([1, 2], { expires: 10 });
    await home.clock.advance(11);
    await home.finish();

    expect((await taskEventsIn(home)).slice(1)).toMatchObject([
      { type: "task-revoked", terminated: false, signum: null, expired: true },
    ]);
  });

  it("of one that was terminated while it ran has the signal's number", async () => {
    const home = acceptance(watched);
    const result = await home.slow.delay(300);

    const drained = home.drain();
    await until(() => home.ran.slow === 1);
    await result.revoke({ terminate: true });
    await home.clock.advance(300);
    await drained;

    expect((await taskEventsIn(home)).slice(3)).toMatchObject([
      { type: "task-revoked", terminated: true, signum: 15, expired: false },
    ]);
  });

  it("that is ignored is not told, as in Celery", async () => {
    const home = world(watched);
    const task = home.app.task({ name: "tasks.one", bind: true }, ({ ignore }) => ignore("not today"));

    await task.delay();
    await home.finish();

    expect(await typesIn(home)).toEqual(["sent", "received", "started"]);
  });

  it("that is another task's beginning is not told: that one ends under the same id", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    const task = home.app.task({ name: "tasks.one", bind: true }, ({ replace }) => replace(add.s(1, 2)));

    const { id } = await task.delay();
    await home.finish();

    const began = ["sent", "received", "started"];
    expect(await typesIn(home)).toEqual([...began, ...began, "succeeded"]);
    expect(new Set((await taskEventsIn(home)).map(({ uuid }) => uuid))).toEqual(new Set([id]));
  });
});

describe("what follows an end", () => {
  it("is told with that end, in the same request", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);

    const { id, parent } = await chain(add.s(1, 2), add.s(3)).delay();
    home.ports.calls.length = 0;
    await home.finish();

    const [, second] = await only(home, "task-sent");
    expect(second).toMatchObject({ uuid: id, root_id: id, parent_id: parent?.id, args: "(3, 3)" });
    const [first, next] = [
      ["received", "started"],
      ["received", "started", "succeeded"],
    ];
    expect(await typesIn(home)).toEqual(["sent", ...first, "sent", "succeeded", ...next]);
    const calls = home.ports.calls.filter((each) => each !== "verify");
    expect(calls).toEqual(["claim", "finish", "publish", "claim", "finish"]);
  });

  it("is told of a chord's body by whoever completes it", async () => {
    const home = acceptance(watched);
    const { add, xsum } = home;

    const { id } = await chord([add.s(1, 2), add.s(3, 4)], xsum.s()).delay();
    await home.finish();

    const sent = await only(home, "task-sent");
    expect(sent.map(({ name }) => name)).toEqual(["tasks.add", "tasks.add", "tasks.xsum"]);
    expect(sent.at(-1)).toMatchObject({ uuid: id });
  });

  it("is told by whoever sends it, where it was stored first; our own messages are nobody's business", async () => {
    const home = world(watched);
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);

    await group(Array.from({ length: 150 }, (_, i) => add.s(i, i))).delay();
    await home.finish();

    const told = await taskEventsIn(home);
    expect(told.filter(({ type }) => type === "task-sent")).toHaveLength(150);
    expect(new Set(told.map(({ name }) => name))).toEqual(new Set(["tasks.add", undefined]));
    expect(told.filter(({ type }) => type === "task-succeeded")).toHaveLength(150);
  });
});

describe("nobody is told of tasks", () => {
  it("unless it is asked for", async () => {
    const home = acceptance();

    await chain(home.add.s(1, 2), home.boom.si()).delay();
    await home.finish();

    expect(await taskEventsIn(home)).toEqual([]);
    expect(home.ports.calls).not.toContain("emit");
  });

  it("of which their declaration says so", async () => {
    const home = world(watched);
    const add = home.app.task({ name: "tasks.add", sendEvents: false }, (x: number, y: number) => x + y);

    await add.delay(1, 2);
    await home.drain();

    expect(await taskEventsIn(home)).toEqual([]);
  });

  it("that run where they are called", async () => {
    const home = world({ ...watched, taskAlwaysEager: true });
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);

    await add.delay(1, 2);

    expect(await eventsIn(home)).toEqual([]);
    expect(home.ports.calls).toEqual([]);
  });

  it("by a worker that is told not to, whatever the setting says", async () => {
    const app = new Umbel("tasks", { workerSendTaskEvents: true });
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    await using kit = testKit(app, { endpoint: worker(app, { taskEvents: false }) });

    await add.delay(1, 2);
    await kit.settle();

    expect(await taskEventsIn(kit)).toEqual([]);
  });
});

it("a worker tells of its tasks by its option alone", async () => {
  const app = new Umbel("tasks");
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  await using kit = testKit(app, { endpoint: worker(app, { taskEvents: true }) });

  await add.delay(1, 2);
  await kit.settle();

  expect(await typesIn(kit)).toEqual(["received", "started", "succeeded"]);
});

it("an attempt that is acknowledged before it runs is told as any other", async () => {
  const home = world({ ...watched, taskAcksLate: false });
  const add = home.app.task("tasks.add", (x: number, y: number) => x + y);

  await add.delay(1, 2);
  await home.finish();

  expect(await typesIn(home)).toEqual(["sent", "received", "started", "succeeded"]);
});

it("an end that is too large for the store is told all the same", async () => {
  const home = world(watched, (backend) => backend);
  const much = home.app.task("tasks.much", () => "x".repeat(400_000));
  home.ports.before("finish", () => {
    throw new MessageTooLargeError("too large");
  });

  await much.delay();
  await home.finish();

  expect(await typesIn(home)).toEqual(["sent", "received", "started", "failed"]);
  expect(await only(home, "task-failed")).toMatchObject([
    { exception: expect.stringContaining("MessageTooLargeError"), traceback: text },
  ]);
});
