/**
 * A crontab as arithmetic: the next moment, by a clock that never changes, that all its fields allow.
 *
 * A moment is counted in seconds from 1970-01-01 00:00 by that clock. What clocks of a zone do is not known here.
 *
 * @module
 */

import { allFrom, bitsOf, lowestOf } from "./crontab-bits.ts";
import { type DayRule, dayRuleOf, nextDay } from "./crontab-days.ts";
import type { FieldName } from "./crontab-fields.ts";

/** What each field allows. */
export type Allowed = Readonly<Record<FieldName, { readonly values: ReadonlySet<number> }>>;

/** A crontab, ready to be asked. */
export interface Rule extends DayRule {
  readonly seconds: Sixty;
  readonly minutes: Sixty;
  readonly hours: number;
  /** The first second of a day. */
  readonly first: number;
}

/** Numbers from 0 to 59: the lower 32 of them, and the others. */
interface Sixty {
  readonly low: number;
  readonly high: number;
}

const day = 86_400;
const hour = 3600;
const minute = 60;

/** Readies what fields allow. Each allows something. */
export function ruleOf(allowed: Allowed): Rule {
  const seconds = sixtyOf(allowed.second.values);
  const minutes = sixtyOf(allowed.minute.values);
  const hours = bitsOf(allowed.hour.values);
  const days = dayRuleOf({
    weekdays: bitsOf(allowed.dayOfWeek.values),
    days: bitsOf(allowed.dayOfMonth.values),
    months: bitsOf(allowed.monthOfYear.values),
  });
  const first = lowestOf(hours) * hour + nextOf(minutes, 0) * minute + nextOf(seconds, 0);
  return { ...days, seconds, minutes, hours, first };
}

/** Whether there is any moment at all: 31 February never comes. */
export function isPossible({ kinds }: Rule): boolean {
  return kinds !== 0;
}

/** Whether every hour is allowed. */
export function isHourly({ hours }: Rule): boolean {
  return hours === 0xff_ffff;
}

/** The first moment from this one on. */
export function nextMoment(rule: Rule, from: number): number {
  const today = Math.floor(from / day);
  const found = nextDay(rule, today);
  if (found !== today) return found * day + rule.first;
  const time = timeFrom(rule, from - today * day);
  return time === undefined ? nextDay(rule, today + 1) * day + rule.first : today * day + time;
}

/** The first second of a day from this one on; undefined when the day has no more. */
function timeFrom({ hours, minutes, seconds }: Rule, from: number): number | undefined {
  const atHour = Math.floor(from / hour);
  const atMinute = Math.floor((from % hour) / minute);
  if (((hours >> atHour) & 1) !== 0) {
    if (nextOf(minutes, atMinute) === atMinute) {
      const second = nextOf(seconds, from % minute);
      if (second >= 0) return from - (from % minute) + second;
    }
    const later = nextOf(minutes, atMinute + 1);
    if (later >= 0) return atHour * hour + later * minute + nextOf(seconds, 0);
  }
  const next = lowestOf(hours & allFrom(atHour + 1));
  return next < 0 ? undefined : next * hour + nextOf(minutes, 0) * minute + nextOf(seconds, 0);
}

function sixtyOf(values: Iterable<number>): Sixty {
  const all = [...values];
  return {
    low: bitsOf(all.filter((value) => value < 32)),
    high: bitsOf(all.filter((value) => value >= 32).map((value) => value - 32)),
  };
}

/** The first of these numbers from one on, which is 60 at most; -1 when there is none. */
function nextOf({ low, high }: Sixty, from: number): number {
  if (from >= 32) return above(high & allFrom(from - 32));
  const near = low & allFrom(from);
  return near === 0 ? above(high) : lowestOf(near);
}

function above(high: number): number {
  return high === 0 ? -1 : 32 + lowestOf(high);
}
