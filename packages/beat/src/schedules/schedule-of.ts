/**
 * What a user may write for a schedule.
 *
 * @module
 */

import { type ScheduleFormLike, shownValue } from "@umbel/core";
import { ImproperlyConfigured, secondsOf, unitHint } from "@umbel/protocol";
import { crontab } from "./crontab.ts";
import { hasFields } from "./has-fields.ts";
import { interval, type IntervalOptions } from "./interval.ts";
import { type OwnSchedule, ownSchedule } from "./own.ts";
import { readSchedule, type ScheduleForm } from "./read-schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { Interval } from "./span.ts";

/** Parts of a time span, and whether it is relative: `{ hours: 1, relative: true }`. */
export type RelativeInterval = Exclude<Interval, string | number> & Pick<IntervalOptions, "relative">;

/**
 * A schedule, ours or an application's own; an interval as seconds, `"5m"` or `{ minutes: 5 }`; the five or six fields of a
 * crontab, `"30 7 * * mon"`, or `"@daily"` and its like; the form in which a schedule is kept.
 */
export type ScheduleInput = Schedule | OwnSchedule | Interval | RelativeInterval | ScheduleForm;

/** The schedule that is meant. Throws `ImproperlyConfigured` for what is none, with what may be given. */
export function scheduleOf(input: ScheduleInput | ScheduleFormLike): Schedule {
  if (typeof input === "string") return ofText(input.trim());
  if (typeof input === "number") return interval(input);
  if (typeof input === "object" && input !== null && !Array.isArray(input)) return ofObject(input);
  throw unlike(input);
}

function ofObject(input: Exclude<ScheduleInput, number | string> | ScheduleFormLike): Schedule {
  if ("next" in input) return ownSchedule(input);
  if ("type" in input) return readSchedule(input);
  if ("hour" in input || "minute" in input) throw lacksCrontab(input);
  if (!hasFields(input)) throw unlike(input);
  const { relative = false, ...parts }: RelativeInterval = input;
  return interval(parts, { relative });
}

/** A time span may have blanks in it as a crontab has, `"1 hour 30 minutes"`, but is never taken for one. */
function ofText(text: string): Schedule {
  if (isDuration(text) || isMisspelt(text)) return interval(text);
  if (/\s/.test(text) || text.startsWith("@")) return crontab(text);
  throw unlike(text);
}

function unlike(input: unknown): ImproperlyConfigured {
  const given = shownValue(input);
  return new ImproperlyConfigured(
    `${given} is no schedule: give 300, "5m", { minutes: 5 }, "30 7 * * mon", or what crontab() and its like return`,
  );
}

function isDuration(text: string): boolean {
  try {
    secondsOf(text);
    return true;
  } catch {
    return false;
  }
}

/** A number and a word that is no unit: who writes it means a time span. A crontab with a month in words has five fields. */
function isMisspelt(text: string): boolean {
  return unitHint(text) !== "" && text.split(/\s+/).length < 5;
}

/** `{ minute: 5 }` is five past each hour, `{ minutes: 5 }` every five minutes: nobody is to get the one for the other. */
function lacksCrontab(fields: object): ImproperlyConfigured {
  const given = shownValue(fields);
  return new ImproperlyConfigured(
    `${given} has fields of a crontab: write crontab(${given}), or { minutes: 5 } for an interval`,
  );
}
