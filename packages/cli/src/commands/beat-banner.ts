/**
 * What the loop says before it starts, as Celery's does.
 *
 * @module
 */

import type { Found } from "../application/find-application.ts";
import { connectionsOf } from "../connections.ts";
import { inLocalTime } from "../instant.ts";
import { version } from "../version.ts";

/** What is told. */
export interface BannerFacts {
  readonly found: Found;
  readonly now: Date;
  /** Seconds. */
  readonly maxInterval: number;
  /** How many entries the code has. */
  readonly entries: number;
}

/** The same as data. `isExported`: whether the module exports a schedule; what it does not is not sent. */
export function shownBeat({ found, maxInterval, entries }: BannerFacts): Readonly<Record<string, unknown>> {
  const { app, beat } = found;
  return { version, app: app.name, ...connectionsOf(app), entries, isExported: beat !== undefined, maxInterval };
}

/** The lines: which program, the local time, what it is connected to. Shows no secret. */
export function bannerOf({ found, now, maxInterval, entries }: BannerFacts): readonly string[] {
  const { app } = found;
  const { broker, store } = connectionsOf(app);
  return [
    `umbel beat v${version} is starting.`,
    `LocalTime -> ${inLocalTime(now)}`,
    "Configuration ->",
    `    . application -> ${app.name}`,
    `    . broker -> ${broker}`,
    `    . store -> ${store}`,
    `    . entries -> ${entriesOf(found, entries)}`,
    `    . logfile -> [stderr]@%${app.conf.workerLogLevel}`,
    `    . maxinterval -> at most ${spelled(maxInterval)} (${maxInterval}s)`,
  ];
}

/** Of a schedule that a module makes and does not export nobody knows. */
function entriesOf({ module, beat }: Found, entries: number): string {
  if (beat !== undefined && entries > 0) return `${entries} in code`;
  if (beat !== undefined) return "none in code: only what was added at run time is sent";
  const how = `${module} exports no beat(app, {...}): one that it makes sends nothing until it is exported`;
  return entries === 0 ? `none in code; ${how}` : `${entries} of beatSchedule and addPeriodicTask are sent; ${how}`;
}

/** `5.00 minutes`. */
function spelled(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(2)} seconds`;
  return seconds < 3600 ? `${(seconds / 60).toFixed(2)} minutes` : `${(seconds / 3600).toFixed(2)} hours`;
}
