/**
 * Reads rate limits: Celery's grammar, and ours.
 *
 * @module
 */

import { type Duration, type FlowControl, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import * as kinds from "./kinds.ts";
import { checkOptions, type KindsOf } from "./kinds.ts";

/** Limits of a task's calls; see {@link RateLimit}. */
export interface TaskLimits {
  /** How many are begun in each `period`: a whole number. */
  readonly rate?: number;
  /** Whole seconds, or a text such as `"1m"`; up to a week, one second when absent. */
  readonly period?: Duration;
  /** How many run at once. */
  readonly parallelism?: number;
  /**
   * What shares the limits, when it is not the task: a name, which other tasks may have as well, or a function of a call's
   * arguments, which gives each tenant limits of its own. It may be called more than once for each call.
   */
  readonly key?: string | FlowKey;
}

/** Says with which calls of its task a call shares its limits. */
export type FlowKey = (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => string | number;

/** Celery's `"10/s"`, `"100/m"`, `"1000/h"`, a number of calls each second, 0 or null for no limit; or {@link TaskLimits}. */
export type RateLimit = string | number | null | TaskLimits;

/** Limits as a broker takes them, whoever shares them. */
export type Limits = Omit<FlowControl, "key">;

/** Seconds in each of Celery's units. */
const units: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
]);

/** Seconds: no broker of ours counts for longer. */
const longestPeriod = 7 * 86_400;

/** What is taken; a period is looked at in seconds. */
const partKinds: KindsOf<TaskLimits> = {
  rate: kinds.count,
  period: null,
  parallelism: kinds.count,
  key: [(value) => kinds.name[0](value) || typeof value === "function", "a name, or a function of the arguments"],
};

/** What a limit says; undefined for none. Throws `ImproperlyConfigured`; `what` is where it stands. */
export function limitsIn(limit: RateLimit, what = "rateLimit"): Limits | undefined {
  if (limit === null) return undefined;
  return typeof limit === "object" ? limitsOf(limit, what) : rateIn(limit, what);
}

/** `"10/s"`, `"100/m"`, `"1000/h"`, `10`. */
function rateIn(limit: string | number, what: string): Limits | undefined {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)(?:\/(\w+))?$/.exec(String(limit).trim()) ?? [];
  const seconds = units.get(unit);
  if (amount !== undefined && seconds !== undefined) return perPeriod(Number(amount), seconds, what);
  const given = typeof limit === "string" ? JSON.stringify(limit) : limit;
  const reason = amount === undefined ? "" : `, and "${unit}" is no unit`;
  throw new ImproperlyConfigured(
    `${what} is ${given}${reason}: write "10/s", "100/m" or "1000/h", a number of calls each second, or null`,
  );
}

/** So many in so many seconds, as whole numbers; a rate that is none is kept over a longer period. */
function perPeriod(amount: number, seconds: number, what: string): Limits | undefined {
  if (amount === 0) return undefined;
  if (Number.isInteger(amount)) return { rate: amount, period: seconds };
  if (amount > 1) return { rate: Math.floor(amount * 10), period: checkPeriod(seconds * 10, what) };
  // Binary fractions make 60 / 0.0012 a bit more than it is.
  return { rate: 1, period: checkPeriod(Math.ceil(seconds / amount - 1e-6), what) };
}

function limitsOf(limit: TaskLimits, what: string): Limits {
  checkOptions(limit, partKinds, { one: `part of ${what}`, of: ` of ${what}` });
  const { rate, period, parallelism } = limit;
  if (rate === undefined && parallelism === undefined)
    throw new ImproperlyConfigured(`${what} limits nothing: give rate, parallelism, or both`);
  if (rate === undefined && period !== undefined)
    throw new ImproperlyConfigured(`${what} has a period without a rate: give how many calls it may have`);
  return {
    ...(rate === undefined ? {} : { rate, period: checkPeriod(secondsOf(period ?? 1), what) }),
    ...(parallelism === undefined ? {} : { parallelism }),
  };
}

function checkPeriod(seconds: number, what: string): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= longestPeriod) return seconds;
  throw new ImproperlyConfigured(`${what}: a period of ${seconds} s is not one of whole seconds, up to a week`);
}
