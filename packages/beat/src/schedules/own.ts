/**
 * Schedules of an application's own: what they answer is not believed but looked at.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Schedule } from "./schedule.ts";
import { walk } from "./walk.ts";

/** A schedule of which only `next` has to be there. */
export interface OwnSchedule extends Pick<Schedule, "next">, Partial<Omit<Schedule, "next" | "toString">> {
  /** As a person reads it; errors name the schedule by it. */
  toString?(): string;
}

/**
 * A whole schedule, made of one that has `next`; where `between` is missing it asks for one instant after another. Throws
 * `ImproperlyConfigured` for one without `next`. When it is asked it throws the same, with the schedule's text, for an
 * answer that is no instant or not a later one, and for what the schedule throws: no loop over it goes on for ever.
 */
export function ownSchedule(given: OwnSchedule): Schedule {
  checkNext(given);
  const next = (after: Date, timezone?: string) => nextOf(given, after, timezone);

  return {
    next,
    between: (from, to, timezone) =>
      given.between === undefined
        ? walk((after) => next(after, timezone), from, to)
        : eachOf(given, () => given.between?.(from, to, timezone) ?? [], [from, to]),
    ...(given.startingAt && { startingAt: (start: Date) => ownSchedule(given.startingAt?.(start) ?? given) }),
    toJSON: () => given.toJSON?.(),
    toString: () => nameOf(given),
  };
}

/** No compiler may have seen it. */
function checkNext(given: Partial<OwnSchedule> | undefined): void {
  if (typeof given?.next === "function") return;
  throw new ImproperlyConfigured(`A schedule of one's own needs a method next(after): ${String(given)} has none`);
}

function nextOf(given: OwnSchedule, after: Date, timezone: string | undefined): Date | undefined {
  try {
    const at = given.next(new Date(after), timezone) ?? undefined;
    if (at !== undefined) checkAnswer(given, at, after);
    return at;
  } catch (cause) {
    throw failureOf(given, cause);
  }
}

function* eachOf(
  given: OwnSchedule,
  all: () => Iterable<Date>,
  [from, to]: readonly [Date, Date],
): Generator<Date, undefined, undefined> {
  let last = from;
  try {
    for (const at of all()) {
      checkAnswer(given, at, last);
      if (at > to) return;
      yield at;
      last = at;
    }
  } catch (cause) {
    throw failureOf(given, cause);
  }
}

/** No compiler may have seen it either. */
function checkAnswer(given: OwnSchedule, at: unknown, after: Date): void {
  const what = `The schedule "${nameOf(given)}" answers ${shown(at)}`;
  if (!(at instanceof Date) || Number.isNaN(at.getTime())) {
    throw new ImproperlyConfigured(`${what}: give a valid Date, or undefined when there is none any more`);
  }
  if (at <= after) throw new ImproperlyConfigured(`${what}, which is not later than ${shown(after)}`);
}

function failureOf(given: OwnSchedule, cause: unknown): ImproperlyConfigured {
  if (cause instanceof ImproperlyConfigured) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ImproperlyConfigured(`The schedule "${nameOf(given)}" fails: ${reason}`, { cause });
}

/** Its text, where it has one of its own. */
function nameOf(given: OwnSchedule): string {
  const text = String(given);
  return text === "[object Object]" ? "of the application's own" : text;
}

function shown(value: unknown): string {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : String(value);
}
