/**
 * What the loop says before it starts, as Celery's does.
 *
 * @module
 */

import type { Found } from "../application/find-application.ts";
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

/** The lines: which program, the local time, what it is connected to. Shows no secret. */
export function bannerOf({ found, now, maxInterval, entries }: BannerFacts): readonly string[] {
  const { app } = found;
  const { broker = "none", backend = "none" } = app.connections.names;
  return [
    `umbel beat v${version} is starting.`,
    `LocalTime -> ${localTime(now)}`,
    "Configuration ->",
    `    . application -> ${app.name}`,
    `    . broker -> ${placed(broker, app.environment("QSTASH_URL"))}`,
    `    . store -> ${placed(backend, app.environment("UPSTASH_REDIS_REST_URL"))}`,
    `    . entries -> ${entriesOf(found, entries)}`,
    `    . logfile -> [stderr]@%${app.conf.workerLogLevel}`,
    `    . maxinterval -> at most ${spelled(maxInterval)} (${maxInterval}s)`,
  ];
}

/** Of a schedule that a module makes and does not export nobody knows. */
function entriesOf({ module, beat }: Found, entries: number): string {
  if (beat !== undefined && entries > 0) return `${entries} in code`;
  if (beat !== undefined) return "none in code: only what was added at run time is sent";
  const how = `no beat(app, {...}) is exported by ${module}: export it, or its entries are not sent`;
  return entries === 0 ? `none in code; ${how}` : `${entries} of beatSchedule and addPeriodicTask; ${how}`;
}

function placed(name: string, url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? `${name} at ${new URL(url).host}` : name;
}

/** `2026-01-01 12:00:00`, by the clock on the wall. */
function localTime(now: Date): string {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace("T", " ");
}

/** `5.00 minutes`. */
function spelled(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(2)} seconds`;
  return seconds < 3600 ? `${(seconds / 60).toFixed(2)} minutes` : `${(seconds / 3600).toFixed(2)} hours`;
}
