/**
 * What a worker says when it starts, as Celery's does.
 *
 * @module
 */

import { hostPlatform } from "../host-platform.ts";
import { connectionsOf } from "../connections.ts";
import type { Umbel } from "umbel";
import { inLocalTime } from "../instant.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

/** What is told. */
export interface WorkerFacts {
  readonly app: Umbel;
  /** The worker's name. */
  readonly hostname: string;
  readonly url: string;
  readonly queues: readonly string[];
  readonly isBeat: boolean;
  readonly now: Date;
}

/** The same as data. */
export function shownWorker({ app, hostname, url, queues, isBeat }: WorkerFacts): Readonly<Record<string, unknown>> {
  const taskEvents = app.conf.workerSendTaskEvents;
  return {
    hostname,
    version,
    app: app.name,
    url,
    ...connectionsOf(app),
    taskEvents,
    beat: isBeat,
    queues,
    tasks: tasksOf(app),
  };
}

function tasksOf({ tasks }: Umbel): readonly string[] {
  return [...tasks.keys()].toSorted();
}

/** The lines. Show no secret. */
export function workerBanner(facts: WorkerFacts, { paint }: Pick<Terminal, "paint">): readonly string[] {
  const { app, hostname, queues, now } = facts;
  const tasks = tasksOf(app);
  return [
    "",
    paint("bold", `${hostname} v${version}`),
    `${hostPlatform()}  ${inLocalTime(now)}`,
    "",
    paint("bold", "[config]"),
    ...rowsOf(facts).map(([name, value]) => `.> ${`${name}:`.padEnd(13)} ${value}`),
    "",
    paint("bold", "[queues]"),
    ...queues.map((queue) => `.> ${queue}`),
    "",
    paint("bold", "[tasks]"),
    ...tasks.map((task) => `  . ${task}`),
    "",
  ];
}

function rowsOf({ app, url, isBeat }: WorkerFacts): readonly (readonly [name: string, value: string])[] {
  const { broker, store } = connectionsOf(app);
  const events = app.conf.workerSendTaskEvents ? "ON" : "OFF (enable -E to monitor tasks in this worker)";
  return [
    ["app", app.name],
    ["served at", url],
    ["transport", broker],
    ["results", store],
    ["concurrency", "as many as the broker pushes at once"],
    ["task events", events],
    ...(isBeat ? ([["beat", "ON"]] as const) : []),
  ];
}
