/**
 * The days that a crontab names, found by arithmetic in the calendar that repeats every 400 years.
 *
 * A year is one of fourteen kinds: with or without a leap day, and by the weekday that it begins on. Which kinds have a day
 * for a crontab is known in advance, so that years without one cost a step each.
 *
 * @module
 */

import { allFrom, lowestOf } from "./crontab-bits.ts";

/** Days by what they have to be, all of it: bit n is set where n is allowed. */
export interface DayFields {
  /** Sunday is 0. */
  readonly weekdays: number;
  /** From 1. */
  readonly days: number;
  /** From 1. */
  readonly months: number;
}

/** The same, and the kinds of years that have such a day: bit by {@link kindOf}. */
export interface DayRule extends DayFields {
  readonly kinds: number;
  /** Whether every day is allowed. */
  readonly isDaily: boolean;
}

const kindsOfYears = 14;

/** Readies days to be looked for. A rule without any kind of year has no day at all. */
export function dayRuleOf(fields: DayFields): DayRule {
  let kinds = 0;
  for (let kind = 0; kind < kindsOfYears; kind += 1) {
    if (dayInYear(fields, kind, 0) !== undefined) kinds |= 1 << kind;
  }
  const isDaily = fields.weekdays === 0x7f && fields.days === -2 && fields.months === 0x1ffe;
  return { ...fields, kinds, isDaily };
}

/** The first such day from this one on, both counted from 1970-01-01. The rule has to have one. */
export function nextDay(rule: DayRule, from: number): number {
  if (rule.isDaily) return from;
  let year = yearOf(from);
  let start = startOf(year);
  let least = from - start;
  for (;;) {
    const kind = kindOf(year, start);
    const found = ((rule.kinds >> kind) & 1) === 0 ? undefined : dayInYear(rule, kind, least);
    if (found !== undefined) return start + found;
    start += lengthOf(kind);
    year += 1;
    least = 0;
  }
}

/** The first such day in a year of a kind, from a day on; days are counted from the year's first, which is 0. */
function dayInYear({ weekdays, days, months }: DayFields, kind: number, least: number): number | undefined {
  const leap = kind >= 7 ? 1 : 0;
  for (let month = lowestOf(months); month <= 12; month += 1) {
    const first = firstOf(month, leap);
    const length = firstOf(month + 1, leap) - first;
    if (((months >> month) & 1) === 0 || first + length <= least) continue;
    const allowed =
      days & daysOfMonth(length) & onWeekdays(weekdays, kind + first) & allFrom(Math.max(1, least - first + 1));
    if (allowed !== 0) return first + lowestOf(allowed) - 1;
  }
  return undefined;
}

/** Bits 1 to `length`. */
function daysOfMonth(length: number): number {
  return (-1 >>> (31 - length)) & -2;
}

/** The days of a month, as bits from 1, that fall on such weekdays when its first is on this one, counted on beyond 6. */
function onWeekdays(weekdays: number, first: number): number {
  const weekday = first % 7;
  const week = (weekdays >> weekday) | (weekdays << (7 - weekday));
  const pattern = week & 0x7f;
  return (pattern << 1) | (pattern << 8) | (pattern << 15) | (pattern << 22) | (pattern << 29);
}

/** The weekday that a year begins on, and seven more in a leap year. */
function kindOf(year: number, start: number): number {
  const weekday = (((start + 4) % 7) + 7) % 7;
  return isLeap(year) ? weekday + 7 : weekday;
}

function lengthOf(kind: number): number {
  return kind >= 7 ? 366 : 365;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days of the year before a month, which is counted from 1: five months from March on have 153 days, and again. */
function firstOf(month: number, leap: number): number {
  return month <= 2 ? 31 * (month - 1) : Math.floor((153 * (month - 3) + 2) / 5) + 59 + leap;
}

/** Days from 1970-01-01 to the first of a year. */
function startOf(year: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return 365 * (year - 1970) + leapDays - 477;
}

function yearOf(day: number): number {
  const near = 1970 + Math.floor(day / 365.2425);
  if (startOf(near) > day) return near - 1;
  return startOf(near + 1) <= day ? near + 1 : near;
}
