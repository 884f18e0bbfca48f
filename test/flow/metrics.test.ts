/** Numbers for Prometheus: of a worker's own process, and of a monitor that is told by events; and that both come to the same. */

import { Registry } from "prom-client";
import { BackendUnavailable, chord, Reject } from "umbel";
import { State } from "umbel/events";
import { eventMetrics, metrics } from "umbel/prometheus";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { eventsIn } from "./watched.ts";
import { world } from "./world.ts";

/** An application with a task of each end. */
function shop() {
  const home = world({ log: () => undefined, workerSendTaskEvents: true, taskSendSentEvent: true });
  const { app, clock } = home;
  const register = new Registry();
  const kept = metrics(app, { register });
  const add = app.task("shop.add", (x: number, y: number) => x + y);
  const slow = app.task("shop.slow", async (seconds: number) => {
    await clock.sleep(seconds);
    return seconds;
  });
  const xsum = app.task("shop.xsum", (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0));
  const visit = app.task({ name: "shop.visit", autoretryFor: [RangeError], maxRetries: 2, retryJitter: false }, () => {
    throw new RangeError("closed");
  });
  const picky = app.task("shop.picky", () => {
    throw new Reject("not for me");
  });
  return { ...home, ...kept, add, slow, visit, picky, xsum };
}

function storeIsAway(): never {
  throw new BackendUnavailable("the store is away");
}

async function linesOf(register: Registry): Promise<readonly string[]> {
  return (await register.metrics()).split("\n").filter((line) => !line.startsWith("#") && line !== "");
}

const labels = (name: string) => `name="shop.${name}",hostname="worker@tasks",queue_name="default"`;

describe("a worker that lives for long", () => {
  it("counts tasks that it does not have as unknown, whatever their names", async () => {
    const { app, finish, register } = shop();
    await app.sendTask("invented.name");
    await finish();

    const ends = (await linesOf(register)).filter((line) => !line.includes("_sent_"));
    expect(ends.some((line) => line.includes('name="unknown"'))).toBe(true);
    expect(ends.some((line) => line.includes("invented"))).toBe(false);
  });

  it("counts once when it is asked to twice", async () => {
    const { add, app, finish, register } = shop();
    metrics(app, { register });

    await add.delay(1, 2);
    await finish();

    expect(await linesOf(register)).toContain(`celery_task_succeeded_total{${labels("add")}} 1`);
  });

  it("counts what it sends and runs by name and end, retries among it", async () => {
    const { add, visit, picky, app, finish, register } = shop();

    await add.delay(1, 2);
    await visit.delay();
    await picky.delay();
    await app.revoke((await add.delay(3, 4)).id);
    await finish();

    const lines = await linesOf(register);
    const counts = lines.filter((line) => line.includes("_total") && !line.includes("received"));
    expect(counts.toSorted()).toEqual(
      [
        'celery_task_sent_total{name="shop.add",hostname="generic",queue_name="default"} 2',
        'celery_task_sent_total{name="shop.visit",hostname="generic",queue_name="default"} 3',
        'celery_task_sent_total{name="shop.picky",hostname="generic",queue_name="default"} 1',
        `celery_task_started_total{${labels("add")}} 1`,
        `celery_task_started_total{${labels("visit")}} 3`,
        `celery_task_started_total{${labels("picky")}} 1`,
        `celery_task_succeeded_total{${labels("add")}} 1`,
        `celery_task_revoked_total{${labels("add")}} 1`,
        `celery_task_retried_total{${labels("visit")}} 2`,
        `celery_task_failed_total{${labels("visit")},exception="RangeError"} 1`,
        `celery_task_rejected_total{${labels("picky")}} 1`,
      ].toSorted(),
    );
    expect(lines).toContain('celery_worker_up{hostname="worker@tasks"} 1');
  });

  it("measures how long a body runs, and how many run now", async () => {
    const { slow, clock, finish, register, drain } = shop();
    await slow.delay(2);

    const draining = drain();
    await clock.advance(1);
    const meanwhile = await linesOf(register);
    await finish();
    await draining;

    expect(meanwhile).toContain('celery_worker_tasks_active{hostname="worker@tasks"} 1');
    expect(await linesOf(register)).toEqual(
      expect.arrayContaining([
        'celery_worker_tasks_active{hostname="worker@tasks"} 0',
        `celery_task_runtime_sum{${labels("slow")}} 2`,
        `celery_task_runtime_count{${labels("slow")}} 1`,
      ]),
    );
  });

  it("measures how long a call has waited since it was sent, or was due", async () => {
    const { add, clock, finish, register } = shop();
    await add.delay(1, 2);
    await clock.advance(5);
    await finish();

    await add.applyAsync([1, 2], { countdown: 60 });
    await clock.advance(62);
    await finish();

    const lines = await linesOf(register);
    expect(lines).toContain(`celery_task_queue_time_sum{${labels("add")}} 7`);
    expect(lines).toContain(`celery_task_queue_time_count{${labels("add")}} 2`);
  });

  it("counts an end once, however often its message is delivered", async () => {
    const { add, finish, redeliver, register } = shop();
    await add.delay(1, 2);
    await finish();

    await redeliver(0);
    await redeliver(0);

    expect(await linesOf(register)).toContain(`celery_task_succeeded_total{${labels("add")}} 1`);
  });

  it("counts an end that is stored, though what follows it cannot be sent", async () => {
    const { add, xsum, ports, finish, register } = shop();
    await add.applyAsync([1, 2], { link: xsum.si([3]) });
    ports.before("publish", () => {
      throw new Error("the broker is gone");
    });
    await finish();

    const lines = await linesOf(register);
    expect(lines).toContain(`celery_task_succeeded_total{${labels("add")}} 1`);
    expect(lines).toContain(`celery_task_succeeded_total{${labels("xsum")}} 1`);
  });

  it("counts no end that is not stored, as that of a worker whose lease was over", async () => {
    const { app, ports, broker, redeliver, clock, register } = shop();
    const releases: (() => void)[] = [];
    const wait = app.task("shop.wait", async () => {
      await new Promise<void>((release) => void releases.push(release));
    });
    for (let renewal = 0; renewal < 100; renewal += 1) ports.before("renew", storeIsAway);
    await wait.delay();
    const first = broker.deliverNext();
    await until(() => releases.length === 1);
    await clock.advance(60);
    const second = redeliver(0);
    await until(() => releases.length === 2);

    releases[1]?.();
    await second;
    releases[0]?.();
    await first;

    expect((await linesOf(register)).filter((line) => /(?:started|succeeded)_total/.test(line))).toEqual([
      `celery_task_started_total{${labels("wait")}} 2`,
      `celery_task_succeeded_total{${labels("wait")}} 1`,
    ]);
  });

  it("stops when it is told to; another application goes on in the same register", async () => {
    const { add, stop, finish, register } = shop();
    const other = world({ log: () => undefined });
    const mine = other.app.task("shop.mine", () => 1);
    metrics(other.app, { register });
    await add.delay(1, 2);
    await finish();

    stop();
    await add.delay(1, 2);
    await mine.delay();
    await finish();
    await other.finish();

    expect((await linesOf(register)).filter((line) => line.includes("succeeded"))).toEqual([
      `celery_task_succeeded_total{${labels("add")}} 1`,
      `celery_task_succeeded_total{${labels("mine")}} 1`,
    ]);
  });
});

describe("a monitor that is told by events", () => {
  it("counts what the workers count, message by message apart", async () => {
    const { add, visit, picky, xsum, finish, register, backend } = shop();
    await chord([add.s(1, 1), add.s(2, 2)], xsum.s()).delay();
    await visit.delay();
    await picky.delay();
    await finish();
    const state = new State();
    const monitor = eventMetrics(state, { register: new Registry() });

    for (const event of await eventsIn({ backend })) {
      state.event(event);
      monitor.count(event);
    }

    expect(await countsIn(monitor.register)).toEqual(await countsIn(register));
  });
});

/** What can be compared: of what was received the workers count each message, the events each attempt. */
async function countsIn(register: Registry): Promise<readonly string[]> {
  const lines = await linesOf(register);
  return lines.filter((line) => /_total|runtime_count/.test(line) && !line.includes("received")).toSorted();
}
