/**
 * Dates as numbers: no arithmetic is done with a Date that is none.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";

/** Milliseconds since 1970. Throws `ImproperlyConfigured` that names `what` for an invalid Date, and for what is no Date. */
export function millisecondsOf(what: string, date: Date): number {
  // No compiler may have seen it.
  const milliseconds = date instanceof Date ? date.getTime() : Number.NaN;
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw new ImproperlyConfigured(`${what} is ${String(date)}: give a valid Date`);
}

/** The Date; undefined beyond the years that a Date can tell. */
export function dateAt(milliseconds: number | undefined): Date | undefined {
  const date = new Date(milliseconds ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
