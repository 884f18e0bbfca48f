/** Events as numbers: what a monitor counts. */

import type { CustomEvent } from "@umbel/protocol";
import { Registry } from "prom-client";
import { State } from "umbel/events";
import { eventMetrics, type MetricsOptions } from "umbel/prometheus";
import { describe, expect, it } from "vitest";

const hostname = "worker@shop";

/** A monitor that has heard these events, at second 1000 by its clock. */
function heard(events: readonly Heard[], options: MetricsOptions = {}) {
  let now = 1000;
  const state = new State({ now: () => now * 1000 });
  const { register, count } = eventMetrics(state, { register: new Registry(), now: () => now * 1000, ...options });
  const hear = (...more: readonly Heard[]) => {
    for (const each of more) {
      const event = { hostname, timestamp: now, ...each };
      state.event(event);
      count(event);
    }
  };
  hear(...events);
  const lines = async () =>
    (await register.metrics()).split("\n").filter((line) => !line.startsWith("#") && line !== "");
  return { register, state, lines, hear, advance: (seconds: number) => (now += seconds) };
}

type Heard = Partial<CustomEvent> & { readonly type: string };

const call = { uuid: "1", name: "shop.add" };
const sent = { ...call, type: "task-sent", hostname: "gen7@web", routing_key: "mail", timestamp: 990 };
const received = { ...call, type: "task-received", timestamp: 994 };
const started = { uuid: "1", type: "task-started", timestamp: 994.5 };
const labels = `name="shop.add",hostname="${hostname}",queue_name="mail"`;

describe("events are counted", () => {
  it("apart for a thousand sets of labels, and together beyond", async () => {
    const events = Array.from({ length: 1010 }, (_, nth) => ({ ...received, uuid: `${nth}`, name: `shop.${nth}` }));
    const { lines, advance } = heard(events);
    advance(2);

    const counts = (await lines()).filter((line) => line.startsWith("celery_task_received_total"));
    expect(counts).toHaveLength(1001);
    expect(counts.at(-1)).toBe('celery_task_received_total{name="other",hostname="other",queue_name="other"} 10');
  });

  it("by what has happened, the task, its worker and its queue", async () => {
    const { lines } = heard([
      sent,
      received,
      started,
      { uuid: "1", type: "task-retried", exception: "TimeoutError()" },
      { uuid: "1", type: "task-succeeded", result: "4", runtime: 0.2 },
      { uuid: "1", type: "task-rejected", requeue: true },
      { uuid: "1", type: "task-revoked", terminated: false, signum: null, expired: false },
    ]);

    const counts = (await lines()).filter((line) => line.includes("_total"));
    expect(counts).toEqual([
      'celery_task_sent_total{name="shop.add",hostname="generic",queue_name="mail"} 1',
      ...["received", "started", "succeeded", "rejected", "revoked", "retried"].map(
        (what) => `celery_task_${what}_total{${labels}} 1`,
      ),
    ]);
  });

  it.each([
    ["RangeError('too far')", "RangeError"],
    ["shop.errors.SoldOut()", "shop.errors.SoldOut"],
    ["KeyError", "KeyError"],
    ["a text of somebody's", "unknown"],
    [7, "unknown"],
  ])("failures by their exceptions: %j is %s", async (exception, name) => {
    const { lines } = heard([sent, received, { uuid: "1", type: "task-failed", exception }]);

    expect(await lines()).toContain(`celery_task_failed_total{${labels},exception="${name}"} 1`);
  });

  it("of a task whose beginning nobody has heard, too", async () => {
    const { lines, advance } = heard([{ uuid: "1", type: "task-succeeded", result: "4", runtime: 0.2 }]);
    advance(2);

    expect(await lines()).toContain(
      `celery_task_succeeded_total{name="unknown",hostname="${hostname}",queue_name="unknown"} 1`,
    );
  });

  it("with the time that a body ran, and that its call had waited since it was sent, or due", async () => {
    const due = { ...call, uuid: "2", eta: new Date(993_000).toISOString() };
    const { lines } = heard([
      sent,
      received,
      started,
      { uuid: "1", type: "task-succeeded", result: "4", runtime: 0.2 },
      { ...sent, ...due },
      { ...received, ...due },
      { ...started, uuid: "2" },
    ]);

    expect(await lines()).toEqual(
      expect.arrayContaining([
        `celery_task_runtime_sum{${labels}} 0.2`,
        `celery_task_runtime_bucket{le="0.25",${labels}} 1`,
        `celery_task_queue_time_sum{${labels}} 6`,
        `celery_task_queue_time_count{${labels}} 2`,
      ]),
    );
  });

  it("with the queue and the time of their call though it is heard of later, as when a worker is faster than its caller", async () => {
    const { lines, hear, advance } = heard([received, started]);
    const before = await lines();
    advance(1.9);
    hear({ uuid: "2", type: "task-started" }, sent);

    const after = await lines();

    expect(before.filter((line) => line.includes("_total"))).toEqual([]);
    expect(after).toEqual(
      expect.arrayContaining([
        `celery_task_received_total{${labels}} 1`,
        `celery_task_started_total{${labels}} 1`,
        `celery_task_queue_time_sum{${labels}} 4.5`,
      ]),
    );
    expect(after.join("\n")).not.toContain("unknown");
  });

  it("after two seconds without them, by the worker that had the task when it happened", async () => {
    const { lines, hear, advance } = heard([received, started, { ...started, hostname: "other@shop" }]);
    advance(2);
    hear({ type: "shop-opened" });

    const counts = (await lines()).filter((line) => line.startsWith("celery_task_started_total"));

    expect(counts).toEqual(
      [hostname, "other@shop"].map(
        (name) => `celery_task_started_total{name="shop.add",hostname="${name}",queue_name="unknown"} 1`,
      ),
    );
  });

  it("though there are too many to wait for the calls of all", async () => {
    const { lines } = heard(Array.from({ length: 10_010 }, (_, nth) => ({ ...received, uuid: `${nth}` })));

    expect(await lines()).toContain(
      `celery_task_received_total{name="shop.add",hostname="${hostname}",queue_name="unknown"} 10`,
    );
  });

  it("not where they are a program's own, or make no sense", async () => {
    const { lines } = heard([
      { uuid: "1", type: "task-my-progress" },
      { type: "shop-opened" },
      { type: "task-succeeded", uuid: 7 },
      { type: "constructor", uuid: "1" },
    ]);

    expect((await lines()).filter((line) => line.includes("_total"))).toEqual([]);
  });
});

describe("workers are shown", () => {
  const online = { type: "worker-online", freq: 30 };

  it("as long as they are heard of, with what they run", async () => {
    const { lines, advance } = heard([online, { type: "worker-heartbeat", freq: 30, active: 3 }]);

    const alive = await lines();
    advance(61);

    expect(alive).toEqual([
      `celery_worker_up{hostname="${hostname}"} 1`,
      `celery_worker_tasks_active{hostname="${hostname}"} 3`,
    ]);
    expect(await lines()).toEqual([
      `celery_worker_up{hostname="${hostname}"} 0`,
      `celery_worker_tasks_active{hostname="${hostname}"} 0`,
    ]);
  });

  it("no more once the state has forgotten them", async () => {
    const { lines, state } = heard([online]);
    state.clear();

    expect(await lines()).toEqual([]);
  });

  it("by one monitor of a register", () => {
    const register = new Registry();
    heard([], { register });

    expect(() => heard([], { register })).toThrow("give each of its own");
    expect(() => heard([], { register, prefix: "shop_" })).not.toThrow();
  });
});
