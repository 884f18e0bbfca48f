/**
 * A span of time as a user writes it, read and printed.
 *
 * @module
 */

import { checkNames, shownValue } from "@umbel/core";
import { type Duration, ImproperlyConfigured, secondsOf, unitHint } from "@umbel/protocol";
import { hasFields } from "./has-fields.ts";

/** Seconds, a text such as `"5m"`, or the parts of a time span, as Python's `timedelta` takes them. */
export type Interval = Duration | Readonly<Partial<Record<Unit, number>>>;

type Unit = "weeks" | "days" | "hours" | "minutes" | "seconds";

/** Seconds in each unit. */
const units: Readonly<Record<Unit, number>> = { weeks: 604_800, days: 86_400, hours: 3600, minutes: 60, seconds: 1 };

const longest = 100 * 366 * units.days;

/** An interval in milliseconds. Throws `ImproperlyConfigured` for what is no time span of a second to a hundred years. */
export function spanOf(every: Interval): number {
  const seconds = secondsIn(every);
  if (seconds >= 1 && seconds <= longest) return Math.round(seconds * 1000);
  throw new ImproperlyConfigured(
    `The interval ${shownValue(every)} ${whyNot(seconds)}: give { minutes: 5 }, "5m" or 300, from a second to a hundred years${unitHint(every)}`,
  );
}

/** `day`, `90 seconds` as `minute 30 seconds`: what stands behind "every". */
export function printSpan(milliseconds: number): string {
  const parts = [];
  let rest = milliseconds / 1000;
  for (const [unit, seconds] of Object.entries(units)) {
    const amount = unit === "seconds" ? rest : Math.floor(rest / seconds);
    if (amount === 0 || unit === "weeks") continue;
    rest -= amount * seconds;
    parts.push(amount === 1 ? `1 ${unit.slice(0, -1)}` : `${Number(amount.toFixed(3))} ${unit}`);
  }
  return parts.length === 1 ? parts.join("").replace(/^1 /, "") : parts.join(" ");
}

function whyNot(seconds: number): string {
  if (Number.isNaN(seconds)) return "is no time span";
  return seconds < 1 ? "is under a second" : "is over a hundred years";
}

/** NaN for what is no time span, which no compiler may have seen. */
function secondsIn(every: unknown): number {
  if (isParts(every)) {
    checkNames(every, Object.keys(units), "unit of an interval");
    return Object.entries(units).reduce((sum, [unit, seconds]) => sum + seconds * Number(every[unit] ?? 0), 0);
  }
  if (typeof every === "number") return every;
  try {
    return typeof every === "string" ? secondsOf(every) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

function isParts(every: unknown): every is Readonly<Record<string, unknown>> {
  return hasFields(every);
}
