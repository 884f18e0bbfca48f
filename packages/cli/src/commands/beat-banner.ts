/**
 * What the loop says before it starts, as Celery's does.
 *
 * @module
 */

import type { Umbel } from "umbel";
import { version } from "../version.ts";

/** What is told. */
export interface BannerFacts {
  readonly app: Pick<Umbel, "name" | "conf" | "connections" | "environment">;
  readonly now: Date;
  /** Seconds. */
  readonly maxInterval: number;
  /** How many entries the code has. */
  readonly entries: number;
}

/** The lines: which program, the local time, what it is connected to. Shows no secret. */
export function bannerOf({ app, now, maxInterval, entries }: BannerFacts): readonly string[] {
  const { broker = "none", backend = "none" } = app.connections.names;
  return [
    `umbel beat v${version} is starting.`,
    `LocalTime -> ${localTime(now)}`,
    "Configuration ->",
    `    . application -> ${app.name}`,
    `    . broker -> ${placed(broker, app.environment("QSTASH_URL"))}`,
    `    . store -> ${placed(backend, app.environment("UPSTASH_REDIS_REST_URL"))}`,
    `    . entries -> ${entries === 0 ? "none in code: only what was added at run time is sent" : `${entries} in code`}`,
    `    . logfile -> [stderr]@%${app.conf.workerLogLevel}`,
    `    . maxinterval -> ${spelled(maxInterval)} (${maxInterval}s)`,
  ];
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
