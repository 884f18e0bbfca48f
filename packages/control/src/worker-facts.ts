/**
 * What a worker has said of itself, in the forms of Celery's answers; with what was asked of it since.
 *
 * @module
 */

import { defaultTable, isBuiltin } from "@umbel/core";
import type { Announcement, Directives } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import type { ActiveQueue, WorkerStats } from "./inspect.ts";
import type { Node } from "./nodes.ts";

type AnnouncedTask = Announcement["tasks"][number];

/** Names of its tasks, sorted, each with those attributes that it has: `shop.add [rate_limit=10/m]`. */
export function registeredBy(
  { announced }: Node,
  attributes: readonly string[],
  directives: Directives,
): readonly string[] {
  const names = attributes.length === 0 ? ["rate_limit"] : attributes;
  const tasks = announced.tasks.filter(({ name }) => !isBuiltin(name)).map((task) => directed(task, directives));
  return tasks.map((task) => textOf(task, names)).toSorted();
}

/** As it runs now. */
function directed(task: AnnouncedTask, { rateLimits = {}, timeLimits = {} }: Directives): AnnouncedTask {
  const rate = Object.hasOwn(rateLimits, task.name) ? rateLimits[task.name] : undefined;
  const { hard, soft } = Object.hasOwn(timeLimits, task.name) ? (timeLimits[task.name] ?? {}) : {};
  return {
    ...task,
    ...(rate === undefined ? {} : { rate_limit: Number(rate) === 0 ? null : String(rate) }),
    ...(hard === undefined ? {} : { time_limit: hard }),
    ...(soft === undefined ? {} : { soft_time_limit: soft }),
  };
}

function textOf(task: AnnouncedTask, attributes: readonly string[]): string {
  const { name, rate_limit, time_limit, soft_time_limit } = task;
  const values = new Map<string, string | number | null | undefined>(
    Object.entries({ rate_limit, time_limit, soft_time_limit }),
  );
  const shown = attributes.flatMap((each) => {
    const value = values.get(each) ?? null;
    return value === null ? [] : `${each}=${value}`;
  });
  return shown.length === 0 ? name : `${name} [${shown.join(" ")}]`;
}

/** Its numbers; `events` is the clock that all share. */
export function statsOf({ app }: Desk, { announced, totals }: Node, events: number): WorkerStats {
  const { pid = null, runtime, since } = announced;
  return {
    broker: { transport: app.broker.name },
    clock: String(events),
    uptime: Math.max(0, Math.floor(app.platform.now() / 1000 - since)),
    pid,
    pool: { implementation: runtime, "max-concurrency": null, processes: [], timeouts: [0, 0], writes: {} },
    prefetch_count: 0,
    rusage: {},
    total: totals,
  };
}

/** The queues that it takes messages of. */
export function activeQueuesOf(
  { name, announced }: Node,
  { paused = [], drained = [] }: Directives,
): readonly ActiveQueue[] {
  if (drained.includes(name)) return [];
  return announced.queues.filter((queue) => !paused.includes(queue)).map(queueOf);
}

function queueOf(name: string): ActiveQueue {
  return { name, exchange: { name: "", type: "direct" }, routing_key: name, durable: true, no_ack: false };
}

/** Its settings: those that differ from the defaults, or all, by this program's defaults. */
export function confOf({ announced: { conf } }: Node, withDefaults: boolean): Readonly<Record<string, unknown>> {
  return { ...(withDefaults ? defaultTable() : {}), ...conf };
}

/** What a bug report needs. */
export function reportOf({ app }: Desk, { announced }: Node): string {
  const { version, runtime, region = null, url = null, conf } = announced;
  const settings = Object.entries(conf ?? {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return [
    "",
    `software -> umbel:${version} app:${announced.app}`,
    `platform -> runtime:${runtime} region:${region ?? "-"} url:${url ?? "-"}`,
    `settings -> transport:${app.broker.name} results:${app.backend.name}`,
    "",
    ...settings,
  ].join("\n");
}
