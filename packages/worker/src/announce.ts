/**
 * What an endpoint says of itself when it shows that it serves.
 *
 * @module
 */

import { type Application, directedLimits, directedRate, type RateLimit, type RegisteredTask } from "@umbel/core";
import { type Announcement, type Duration, repr, secondsOf } from "@umbel/protocol";
import { getRuntimeKey } from "hono/adapter";
import { type Endpoint, sendsTaskEvents } from "./endpoint.ts";
import { processId } from "./process-id.ts";
import { version } from "./version.ts";

/** Writes it. Of the settings it has those that differ from the defaults, without secrets. */
export function announce(app: Application, endpoint: Endpoint): string {
  const { since = app.platform.now(), reached, interval } = endpoint;
  const announcement: Announcement = {
    app: app.name,
    runtime: getRuntimeKey(),
    version,
    region: reached.region ?? null,
    url: reached.url ?? null,
    pid: processId(),
    since: since / 1000,
    freq: interval,
    queues: queuesOf(app, endpoint),
    tasks: [...app.tasks.values()].map((task) => announced(app, task)),
    taskEvents: sendsTaskEvents(app, endpoint),
    conf: app.conf.table(),
  };
  return JSON.stringify(announcement, asText);
}

/** Those that its application knows by name, and those that have sent it something. */
function queuesOf({ conf, tasks }: Application, { queues }: Endpoint): readonly string[] {
  const own = [...tasks.values()].flatMap(({ options: { queue } }) => (queue === undefined ? [] : [queue]));
  return [...new Set([conf.taskDefaultQueue, ...Object.keys(conf.taskQueues ?? {}), ...own, ...queues])];
}

/** With the limits that operators have given it. */
function announced(app: Application, { name, options }: RegisteredTask): Announcement["tasks"][number] {
  const { soft, hard } = directedLimits(app, name);
  return {
    name,
    rate_limit: shownRate(directedRate(app, name) ?? options.rateLimit ?? app.conf.taskDefaultRateLimit),
    time_limit: secondsIn(hard, options.timeLimit ?? app.conf.taskTimeLimit),
    soft_time_limit: secondsIn(soft, options.softTimeLimit ?? app.conf.taskSoftTimeLimit),
  };
}

function secondsIn(directed: number | null | undefined, declared: Duration | null): number | null {
  if (directed !== undefined) return directed;
  return declared === null ? null : secondsOf(declared);
}

/** In Celery's words, where those have words for it. */
function shownRate(limit: RateLimit): string | null {
  if (limit === null || limit === 0) return null;
  if (typeof limit !== "object") return String(limit);
  const { rate, period = 1 } = limit;
  if (rate === undefined) return null;
  const seconds = secondsOf(period);
  return `${rate}/${units.get(seconds) ?? `${seconds}s`}`;
}

const units: ReadonlyMap<number, string> = new Map([
  [1, "s"],
  [60, "m"],
  [3600, "h"],
]);

/** What JSON has no form for, as Python shows it: a program's own functions are nobody's business. */
function asText(_name: string, value: unknown): unknown {
  if (typeof value === "function" || typeof value === "bigint") return repr(value);
  return value instanceof RegExp ? String(value) : value;
}
