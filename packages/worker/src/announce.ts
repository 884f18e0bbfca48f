/**
 * What an endpoint says of itself when it shows that it serves.
 *
 * @module
 */

import { type Application, directedLimits, directedRate, type RateLimit, type RegisteredTask } from "@umbel/core";
import { type Announcement, type Duration, secondsOf } from "@umbel/protocol";
import { getRuntimeKey } from "hono/adapter";
import { asShown, shownSettings } from "./announced-settings.ts";
import { type Endpoint, frequencyOf, sendsTaskEvents } from "./endpoint.ts";
import { processId } from "./process-id.ts";
import { version } from "./version.ts";

/** Most characters: a third of what a store's request may have at least, though each took three bytes. */
const longest = 100_000;

/** Applications that have said that theirs is too long. */
const warned = new WeakSet<Application["oversight"]>();

/**
 * Writes it. Of the settings it has those that differ from the defaults, without secrets. One that is too long for a store has no
 * settings, and if need be no tasks and queues: who serves is seen in any case.
 */
export function announce(app: Application, endpoint: Endpoint): string {
  const whole = announcementOf(app, endpoint);
  const least = { ...whole, conf: null, tasks: [], queues: [...(endpoint.serves ?? [app.conf.taskDefaultQueue])] };
  const text = JSON.stringify(whole, asShown);
  if (text.length <= longest) return text;
  warnOnce(app);
  const shorter = JSON.stringify({ ...whole, conf: null }, asShown);
  return shorter.length <= longest ? shorter : JSON.stringify(least, asShown);
}

function warnOnce(app: Application): void {
  if (warned.has(app.oversight)) return;
  warned.add(app.oversight);
  const log = app.logger({ logger: "umbel.worker" });
  log.warning(
    "This worker has more settings or tasks than operators can be shown: some are left out of what it says of itself",
  );
}

function announcementOf(app: Application, endpoint: Endpoint): Announcement {
  const { since = app.platform.now(), reached } = endpoint;
  return {
    app: app.name,
    runtime: getRuntimeKey(),
    version,
    region: reached.region ?? null,
    url: reached.url ?? null,
    pid: processId(),
    since: since / 1000,
    freq: frequencyOf(app, endpoint),
    queues: queuesOf(app, endpoint),
    tasks: [...app.tasks.values()].map((task) => announced(app, task)),
    taskEvents: sendsTaskEvents(app, endpoint),
    conf: shownSettings(app),
  };
}

/** Those that it was told to serve; else those that its application knows by name, and those that have sent it something. */
function queuesOf({ conf, tasks }: Application, { queues, serves }: Endpoint): readonly string[] {
  if (serves !== undefined) return [...serves];
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
