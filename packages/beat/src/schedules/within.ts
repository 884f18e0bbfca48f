/**
 * A schedule with a beginning and an end.
 *
 * @module
 */

import { checkNames } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import { millisecondsOf } from "./instant.ts";
import type { Schedule } from "./schedule.ts";

/** From when to when, both included: Dates, or milliseconds since 1970. */
export interface Bounds {
  readonly startAt?: Date | number;
  readonly endAt?: Date | number;
}

/** The form in which a schedule with bounds is kept. */
export interface WithinForm {
  readonly type: "within";
  /** The form of what is bounded. */
  readonly schedule: unknown;
  /** Milliseconds since 1970. */
  readonly startAt?: number;
  readonly endAt?: number;
}

/**
 * The instants of a schedule that are not before `startAt` and not after `endAt`. A schedule that counts from somewhere is
 * counted from `startAt`, if there is one. Throws `ImproperlyConfigured` when there is no time between them.
 */
export function within(schedule: Schedule, bounds: Bounds): Schedule {
  checkNames(bounds, ["startAt", "endAt"], "bound of a schedule");
  const [start, end] = [instantOf("startAt", bounds.startAt), instantOf("endAt", bounds.endAt)];
  const [first, last] = [start ?? Number.NEGATIVE_INFINITY, end ?? Number.POSITIVE_INFINITY];
  if (first > last) throw empty(first, last);
  const counted = start === undefined ? schedule : (schedule.startingAt?.(new Date(start)) ?? schedule);

  return {
    next(after, timezone) {
      const next = counted.next(new Date(Math.max(after.getTime(), first - 1)), timezone);
      return next !== undefined && next.getTime() <= last ? next : undefined;
    },
    between: (from, to, timezone) =>
      counted.between(new Date(Math.max(from.getTime(), first - 1)), new Date(Math.min(to.getTime(), last)), timezone),
    ...(counted.startingAt && { startingAt: (at: Date) => within(counted.startingAt?.(at) ?? counted, bounds) }),
    toJSON: () => formOf(schedule, start, end),
    toString: () => `${schedule.toString()}${textOf("from", start)}${textOf("until", end)}`,
  };
}

function instantOf(what: string, instant: Date | number | undefined): number | undefined {
  return instant === undefined
    ? undefined
    : millisecondsOf(`${what} of a schedule`, typeof instant === "number" ? new Date(instant) : instant);
}

function empty(first: number, last: number): ImproperlyConfigured {
  const [start, end] = [new Date(first), new Date(last)].map((each) => each.toISOString());
  return new ImproperlyConfigured(`The schedule ends at ${end}, before it starts at ${start}`);
}

/** None where the schedule itself has none. */
function formOf(schedule: Schedule, startAt: number | undefined, endAt: number | undefined): WithinForm | undefined {
  const form = schedule.toJSON();
  if (form === undefined) return undefined;
  return {
    type: "within",
    schedule: form,
    ...(startAt !== undefined && { startAt }),
    ...(endAt !== undefined && { endAt }),
  };
}

function textOf(word: string, instant: number | undefined): string {
  return instant === undefined ? "" : ` ${word} ${new Date(instant).toISOString()}`;
}
