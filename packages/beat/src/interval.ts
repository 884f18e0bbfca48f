/**
 * How often an entry runs.
 *
 * @module
 */

import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";

/** Seconds, a text such as `"5m"`, or the parts of a time span, as Python's `timedelta` takes them. */
export type Interval = Duration | Readonly<Partial<Record<Unit, number>>>;

type Unit = "weeks" | "days" | "hours" | "minutes" | "seconds";

/** Seconds in each unit. */
const units: Readonly<Record<Unit, number>> = { weeks: 604_800, days: 86_400, hours: 3600, minutes: 60, seconds: 1 };

/** An interval in milliseconds. Throws `ImproperlyConfigured` for what is no time span of at least a second. */
export function intervalOf(entry: string, interval: Interval): number {
  const seconds = typeof interval === "object" ? sumOf(interval) : secondsOf(interval);
  if (seconds >= 1) return Math.round(seconds * 1000);
  throw new ImproperlyConfigured(`Beat entry "${entry}": the schedule ${JSON.stringify(interval)} is under a second`);
}

function sumOf(parts: Readonly<Partial<Record<Unit, number>>>): number {
  return Object.entries(units).reduce((sum, [unit, seconds]) => sum + seconds * (partOf(parts, unit) ?? 0), 0);
}

function partOf(parts: Readonly<Record<string, number>>, unit: string): number | undefined {
  return parts[unit];
}
