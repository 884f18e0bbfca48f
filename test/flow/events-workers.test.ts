/** What a store knows of workers, and of what they hold: told in the round trips that are made anyway. */

import { decodeTaskInfo } from "@umbel/protocol";
import { BackendUnavailable, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { acceptance } from "./acceptance-tasks.ts";
import { announcementsIn, eventsIn } from "./watched.ts";
import { world } from "./world.ts";

function mostBetween(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
}

function bySize(): string {
  return "slow";
}

/** workerd has no processes, and says 1 of all: then there is none. */
const pid = process.pid > 1 ? process.pid : null;

describe("a worker that serves", () => {
  it("is online, and says what it is", async () => {
    const { app, backend, drain } = world({ taskQueues: { slow: {} }, resultExpires: "1h" });
    const add = app.task({ name: "tasks.add", rateLimit: "10/m", timeLimit: 60 }, (x: number, y: number) => x + y);

    await add.delay(1, 2);
    await drain();

    const said = (await announcementsIn({ backend })).get("worker@tasks");
    expect(said).toMatchObject({
      app: "tasks",
      runtime: expect.stringMatching(/^(?:node|bun|deno|workerd)$/),
      version: "0.1.0",
      region: null,
      freq: 30,
      queues: ["default", "slow"],
      taskEvents: false,
      tasks: [{ name: "tasks.add", rate_limit: "10/m", time_limit: 60, soft_time_limit: null }],
      conf: { resultExpires: "1h", taskQueues: { slow: {} } },
    });
    expect(said?.url).toMatch(/^http:\/\/[^/]+$/);
    expect(said?.pid).toBe(pid);
  });

  it("shows of its settings those that differ, with functions by their names and nothing that is secret", async () => {
    const taskRoutes = [{ "tasks.*": "slow", "tasks.token": "hidden" }, ["mail-*", "mail"] as const, bySize];
    const { app, backend, drain } = world({ taskRoutes });
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    await add.delay(1, 2);
    await drain();

    const said = (await announcementsIn({ backend })).get("worker@tasks");
    expect(said?.conf).toEqual({
      taskRoutes: [{ "tasks.*": "slow", "tasks.token": "********" }, ["mail-*", "mail"], "<function bySize>"],
    });
  });

  it("tells that it is online, then that it is alive, once in each interval", async () => {
    const { add, backend, drain, clock } = acceptance();

    for (let turn = 0; turn < 5; turn += 1) {
      await Promise.all([add.delay(1, 2), add.delay(3, 4)]);
      await drain();
      await clock.advance(15);
    }

    const told = await eventsIn({ backend });
    expect(told.map(({ type }) => type)).toEqual(["worker-online", "worker-heartbeat", "worker-heartbeat"]);
    expect(told[1]).toMatchObject({
      hostname: "worker@tasks",
      freq: 30,
      processed: 4,
      sw_ident: "umbel",
      sw_sys: expect.stringMatching(/^(?:node|bun|deno|workerd)$/),
    });
    expect(told[1]).not.toHaveProperty("clock");
    expect(told[1]).not.toHaveProperty("utcoffset");
  });

  it("is alive while a long task runs, by its renewals", async () => {
    const { slow, backend, drain, clock, ran } = acceptance();
    await slow.delay(300);

    const drained = drain();
    await until(() => ran.slow === 1);
    for (let passed = 0; passed < 300; passed += 30) await clock.advance(30);
    await drained;

    const told = await eventsIn({ backend });
    expect(told.filter(({ type }) => type === "worker-heartbeat").length).toBeGreaterThanOrEqual(8);
  });

  it("is offline after two intervals, and a little more, without a sign", async () => {
    const { add, backend, drain, clock } = acceptance();
    await add.delay(1, 2);
    await drain();

    await clock.advance(69);
    expect((await announcementsIn({ backend })).size).toBe(1);
    await clock.advance(2);

    expect((await announcementsIn({ backend })).size).toBe(0);
  });

  it.each([
    { workerLease: 300, heartbeatInterval: 30, failsAt: [], freq: 90 },
    { workerLease: 60, heartbeatInterval: 10, failsAt: [], freq: 20 },
    { workerLease: 60, heartbeatInterval: 30, failsAt: [3], freq: 30 },
    { workerLease: 60, heartbeatInterval: 25, failsAt: [2, 7, 8], freq: 27.5 },
  ])("stays online while it is busy: %j", async ({ workerLease, heartbeatInterval, failsAt, freq }) => {
    const app = new Umbel("shop", { workerLease });
    const endpoint = worker(app, { heartbeatInterval });
    await using kit = testKit(app, { endpoint, patience: 1 });
    const slow = app.task({ name: "shop.slow", bind: true }, async ({ signal }): Promise<null> => {
      await kit.clock.sleep(700, signal);
      return null;
    });
    const [last = 0] = failsAt.toReversed();
    if (last > 0) failSome(1);
    await slow.delay();

    const sizes: number[] = [];
    for (let passed = 0; passed < 700; passed += 5) {
      await kit.advance(5);
      sizes.push((await announcementsIn(kit)).size);
    }

    const told = await eventsIn(kit);
    expect(new Set(sizes)).toEqual(new Set([1]));
    expect(told.filter(({ type }) => type === "worker-online")).toHaveLength(1);
    expect(told.map((each) => each["freq"])).toEqual(told.map(() => freq));
    expect(mostBetween(told.map(({ timestamp }) => timestamp))).toBeLessThanOrEqual(2 * freq + 1);
    expect((await kit.backend.monitor.workers())[0]?.totals).toEqual({ "shop.slow": 1 });

    function failSome(nth: number): void {
      kit.before("renew", () => {
        if (nth < last) failSome(nth + 1);
        if (failsAt.some((each) => each === nth)) throw new BackendUnavailable("the store is away");
      });
    }
  });

  it.each([
    { heartbeatInterval: 0, signs: 0 },
    { heartbeatInterval: "5m", signs: 1 },
  ])("gives a sign as often as its option says: $heartbeatInterval", async ({ heartbeatInterval, signs }) => {
    const app = new Umbel("shop");
    const add = app.task("shop.add", (x: number, y: number) => x + y);
    await using kit = testKit(app, { endpoint: worker(app, { heartbeatInterval }) });

    for (let turn = 0; turn < 3; turn += 1) {
      await add.delay(1, 2);
      await kit.advance(60);
    }

    expect(await eventsIn(kit)).toHaveLength(signs);
  });

  it.each([{ heartbeatInterval: -1 }, { heartbeatInterval: "soon" }, { taskEvents: "yes" }])(
    "refuses options that make no sense: %j",
    (options) => {
      // @ts-expect-error What the compiler refuses, a program in JavaScript may still give.
      expect(() => worker(new Umbel("shop"), options)).toThrow(Object.keys(options)[0]);
    },
  );
});

describe("a task that is held", () => {
  it("is shown as Celery's inspection shows it", async () => {
    const { slow, backend, drain, clock, ran } = acceptance();
    const { id } = await slow.delay(20);

    const drained = drain();
    await until(() => ran.slow === 1);
    const { items } = await backend.monitor.active({ limit: 10 });
    await clock.advance(20);
    await drained;

    expect(items.map((each) => decodeTaskInfo(each.about ?? ""))).toEqual([
      {
        id,
        name: "tasks.slow",
        args: "(20,)",
        kwargs: "{}",
        type: "tasks.slow",
        hostname: "worker@tasks",
        time_start: expect.any(Number),
        acknowledged: false,
        delivery_info: { exchange: "", routing_key: "default", priority: null, redelivered: false },
        worker_pid: pid,
        retries: 0,
        root_id: id,
        parent_id: null,
      },
    ]);
  });

  it("counts for its worker, by name", async () => {
    const { add, sub, backend, drain } = acceptance();
    await Promise.all([add.delay(1, 2), add.delay(3, 4), sub.delay(2, 1)]);
    await drain();

    const [seen] = await backend.monitor.workers();

    expect(seen?.totals).toEqual({ "tasks.add": 2, "tasks.sub": 1 });
  });
});
