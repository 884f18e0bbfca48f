/**
 * How often an entry runs.
 *
 * @module
 */

import { checkNames } from "@umbel/core";
import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";

/** Seconds, a text such as `"5m"`, or the parts of a time span, as Python's `timedelta` takes them. */
export type Interval = Duration | Readonly<Partial<Record<Unit, number>>>;

type Unit = "weeks" | "days" | "hours" | "minutes" | "seconds";

/** Seconds in each unit. */
const units: Readonly<Record<Unit, number>> = { weeks: 604_800, days: 86_400, hours: 3600, minutes: 60, seconds: 1 };

/** An interval in milliseconds. Throws `ImproperlyConfigured` for what is no time span of at least a second. */
export function intervalOf(entry: string, interval: Interval): number {
  const seconds = secondsIn(entry, interval);
  if (seconds >= 1) return Math.round(seconds * 1000);
  const why = Number.isNaN(seconds) ? "is no interval" : "is under a second";
  const hint = isCrontab(interval) ? "; there is no crontab here" : "";
  throw new ImproperlyConfigured(
    `Beat entry "${entry}": the schedule ${shown(interval)} ${why}: give { minutes: 5 }, "5m" or 300${hint}`,
  );
}

function shown(interval: unknown): string {
  return JSON.stringify(interval) ?? "undefined";
}

/** NaN for what is no time span, which no compiler may have seen. */
function secondsIn(entry: string, interval: unknown): number {
  if (isParts(interval)) {
    checkNames(interval, Object.keys(units), `unit of the schedule of the beat entry "${entry}"`);
    return Object.entries(units).reduce((sum, [unit, seconds]) => sum + seconds * Number(interval[unit] ?? 0), 0);
  }
  if (typeof interval !== "number" && typeof interval !== "string") return Number.NaN;
  try {
    return secondsOf(interval);
  } catch {
    return Number.NaN;
  }
}

function isParts(interval: unknown): interval is Readonly<Record<string, unknown>> {
  return typeof interval === "object" && interval !== null && !Array.isArray(interval);
}

/** Five fields, as cron takes them. */
function isCrontab(interval: unknown): boolean {
  return typeof interval === "string" && /^(?:\S+\s+){4}\S+$/.test(interval.trim());
}
