/** Rate limits and parallelism of tasks: kept by the broker, for all workers together. */

import { memoryBroker } from "umbel/memory";
import { chain, group, type TaskOptions, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** A world whose tasks note when they run, in seconds of its clock, and what with. */
function limited(options: WorldOptions = {}) {
  const home = world(options);
  const start = home.clock.now();
  const runs: (readonly [at: number, what: unknown])[] = [];
  const note = (what: unknown) => runs.push([(home.clock.now() - start) / 1000, what]);
  return {
    ...home,
    runs,
    note,
    declare: (name: string, taskOptions: Partial<TaskOptions> = {}) => home.app.task({ name, ...taskOptions }, note),
    flowKeys: () => home.broker.waiting.map(({ flowKey }) => flowKey),
  };
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}

/** How often each instant is there. */
function countsOf(runs: readonly (readonly [at: number, what: unknown])[]): Readonly<Record<number, number>> {
  const instants = runs.map(([at]) => at);
  return Object.fromEntries([...new Set(instants)].map((at) => [at, instants.filter((each) => each === at).length]));
}

describe("a task with a rateLimit", () => {
  it("runs so often in each period, however it is sent; nothing is lost, and others do not wait", async () => {
    const { declare, finish, runs } = limited();
    const work = declare("tasks.work", { rateLimit: "10/s" });
    const free = declare("tasks.free");
    await group(numbers(20).map((n) => work.s(n))).delay();
    for (const n of numbers(10)) await work.delay(20 + n);
    await free.delay("free");

    await finish();

    expect(countsOf(runs)).toEqual({ 0: 11, 1: 10, 2: 10 });
    expect(new Set(runs.map(([, what]) => what))).toEqual(new Set([...numbers(30), "free"]));
  });

  it("keeps it as a step of a chain, as a callback, and on every retry", async () => {
    const { app, declare, note, finish, runs, flowKeys } = limited();
    const work = declare("tasks.work", { rateLimit: "1/m" });
    let attempts = 0;
    const failing = app.task(
      { name: "tasks.failing", rateLimit: "1/h", autoretryFor: [Error], defaultRetryDelay: 1 },
      () => {
        note(`attempt ${attempts}`);
        attempts += 1;
        if (attempts < 3) throw new Error("again");
      },
    );
    await chain(work.s("first"), work.si("step")).applyAsync({ link: work.si("callback") });
    await failing.delay();
    expect(flowKeys()).toEqual(["tasks:tasks.work", "tasks:tasks.failing"]);

    await finish();

    expect(runs).toEqual([
      [0, "first"],
      [0, "attempt 0"],
      [60, "step"],
      [120, "callback"],
      [3600, "attempt 1"],
      [7200, "attempt 2"],
    ]);
  });

  it("counts a delayed call from when it is due", async () => {
    const { declare, finish, runs } = limited();
    const work = declare("tasks.work", { rateLimit: "1/m" });
    await work.applyAsync(["later"], { countdown: 30 });
    await work.delay("now");

    await finish();

    expect(runs).toEqual([
      [0, "now"],
      [60, "later"],
    ]);
  });

  it("revokes a call that expires while it waits", async () => {
    const { declare, finish, runs } = limited();
    const work = declare("tasks.work", { rateLimit: "1/h" });
    await work.delay("in time");
    const late = await work.applyAsync(["late"], { expires: "10m" });

    await finish();

    expect(runs).toEqual([[0, "in time"]]);
    expect(await late.state()).toBe("REVOKED");
  });

  it("costs no call more", async () => {
    const { declare, drain, ports } = limited();
    const work = declare("tasks.work", { rateLimit: { rate: 1, parallelism: 1, key: (args) => String(args[0]) } });

    await work.delay(1);
    await drain();

    expect(ports.calls.filter((each) => each !== "verify")).toEqual(["publish", "claim", "finish"]);
  });

  it("is refused where the broker keeps none, before anything is sent", async () => {
    const broker = memoryBroker({ traits: { flowControl: false } });
    const app = new Umbel("tasks", { broker: () => broker });
    const work = app.task({ name: "tasks.work", rateLimit: "1/s" }, () => 1);

    await expect(work.delay()).rejects.toMatchObject({
      code: "NOT_SUPPORTED",
      message: 'tasks.work has a rateLimit, but the broker "memory" keeps no limits',
    });
    expect(broker.waiting).toEqual([]);
  });
});

describe("the key of a rateLimit", () => {
  it("gives each tenant limits of its own, the same on a retry", async () => {
    const { app, note, finish, runs } = limited();
    const failed = new Set<string>();
    const work = app.task(
      {
        name: "tasks.work",
        rateLimit: { rate: 1, period: "1m", key: ([tenant]) => String(tenant) },
        autoretryFor: [Error],
        defaultRetryDelay: 1,
      },
      (tenant: string, fails: boolean) => {
        note(tenant);
        if (fails && !failed.has(tenant)) {
          failed.add(tenant);
          throw new Error("again");
        }
      },
    );
    await group([work.s("a", true), work.s("a", false), work.s("b", false)]).delay();

    await finish();

    expect(runs).toEqual([
      [0, "a"],
      [0, "b"],
      [60, "a"],
      [120, "a"],
    ]);
  });

  it("is computed of what a step before has given", async () => {
    const { declare, app, finish, flowKeys, drain } = limited();
    const work = declare("tasks.work", { rateLimit: { parallelism: 1, key: ([tenant]) => String(tenant) } });
    const tenant = app.task("tasks.tenant", () => 7);
    await chain(tenant.s(), work.s()).applyAsync({});
    await work.applyAsync(["eight"], { countdown: 5 });

    await drain();

    expect(flowKeys()).toEqual(["tasks:tasks.work:eight"]);
    await finish();
  });

  it("by name is shared by all tasks that have it", async () => {
    const { declare, finish, runs } = limited();
    const rateLimit = { rate: 2, period: 60, key: "mail-service" };
    const [send, fetch] = [declare("tasks.send", { rateLimit }), declare("tasks.fetch", { rateLimit })];
    for (const task of [send, fetch, send, fetch]) await task.delay(task.name);

    await finish();

    expect(countsOf(runs)).toEqual({ 0: 2, 60: 2 });
  });

  it.each([
    { what: "throws", key: () => fail("no tenant"), says: "no tenant" },
    {
      what: "gives none",
      key: () => Object(1),
      says: "rateLimit.key of tasks.work gives object: give a text or a number",
    },
  ])("that $what is told to the caller, and a follower shares the task's limits then", async ({ key, says }) => {
    const { declare, app, finish, lines, runs } = limited();
    const work = declare("tasks.work", { rateLimit: { rate: 1, period: 60, key } });
    const first = app.task("tasks.first", () => 1);

    await expect(work.delay(1)).rejects.toThrow(says);
    await chain(first.s(), work.s()).delay();
    await chain(first.s(), work.s()).delay();
    await finish();

    expect(runs).toEqual([
      [0, 1],
      [60, 1],
    ]);
    expect(lines.map(({ message }) => message).filter((each) => each.includes("shares its limits"))).toHaveLength(2);
  });
});

function fail(text: string): never {
  throw new Error(text);
}

describe("parallelism", () => {
  it("lets so many calls run at once, on all workers together", async () => {
    const app = new Umbel("tasks");
    const { settle, open, most } = watched(app, { rateLimit: { parallelism: 2 } });
    await group(numbers(12).map(() => open.s())).delay();

    await settle();

    expect(most()).toEqual([2, 0]);
  });

  it("of a queue bounds all of its tasks, but for those that have limits of their own", async () => {
    const app = new Umbel("tasks", { taskQueues: { slow: { parallelism: 3, rateLimit: "100/m" } } });
    const { settle, open, own, most } = watched(app, { queue: "slow" });
    await group(numbers(10).map(() => open.s())).delay();
    await group(numbers(4).map(() => own.s())).delay();

    await settle();

    expect(most()).toEqual([3, 4]);
  });
});

/** A kit that handles eight pushes at once, and tasks that take a second: how many of them ran at the same time. */
function watched(app: Umbel, options: Partial<TaskOptions>) {
  const kit = testKit(app, { seed: 1, concurrency: 8 });
  const body = () => {
    const counts = { running: 0, most: 0 };
    const run = async () => {
      counts.running += 1;
      counts.most = Math.max(counts.most, counts.running);
      await kit.clock.sleep(1);
      counts.running -= 1;
    };
    return { counts, run };
  };
  const [open, own] = [body(), body()];
  return {
    settle: kit.settle,
    open: app.task({ name: "tasks.open", ...options }, open.run),
    own: app.task({ name: "tasks.own", ...options, rateLimit: { parallelism: 4 } }, own.run),
    most: () => [open.counts.most, own.counts.most],
  };
}

describe("where a limit comes from", () => {
  it("messages of our own have none: what starts a canvas does not wait for another one's start", async () => {
    const { declare, flowKeys } = limited({ taskDefaultRateLimit: "1/h" });
    const work = declare("tasks.work");

    await group(numbers(150).map((n) => work.s(n))).delay();

    expect(flowKeys()).toEqual([undefined]);
  });

  it("the task's is before the queue's, that before the default; null is none", async () => {
    const { declare, flowKeys, broker } = limited({
      taskDefaultRateLimit: "5/s",
      taskQueues: { slow: { rateLimit: "1/m" } },
      taskAnnotations: { "tasks.annotated": { rateLimit: { parallelism: 1, key: "shared" } } },
    });
    const tasks = [
      declare("tasks.plain"),
      declare("tasks.queued", { queue: "slow" }),
      declare("tasks.own", { queue: "slow", rateLimit: "7/h" }),
      declare("tasks.none", { queue: "slow", rateLimit: null }),
      declare("tasks.annotated"),
    ];
    for (const task of tasks) await task.delay(1);

    expect(flowKeys()).toEqual([
      "tasks:tasks.plain",
      "tasks:queue:slow",
      "tasks:tasks.own",
      undefined,
      "tasks:key:shared",
    ]);
    expect(broker.waiting).toHaveLength(5);
  });
});
