/**
 * Schedules by an interval.
 *
 * Spans that are shorter than a day keep their rhythm whatever clocks do. Whole days are days of a calendar: an entry of each
 * day in Oslo keeps its time of the day when clocks change there.
 *
 * @module
 */

import { checkNames } from "@umbel/core";
import { dateAt, millisecondsOf } from "./instant.ts";
import type { Schedule } from "./schedule.ts";
import { type Interval, printSpan, spanOf } from "./span.ts";
import { walk } from "./walk.ts";
import { type Zone, zoneOf } from "./zone.ts";

/** Options of {@link interval}. */
export interface IntervalOptions {
  /** Runs are at full days, hours, minutes or seconds: the largest of these that the interval has in it. Each run is cut to it. */
  readonly relative?: boolean;
  /** An IANA name: days are counted, and hours are full, in this zone, whichever the entry has. */
  readonly timezone?: string;
}

/** The form in which an interval is kept. */
export interface IntervalForm {
  readonly type: "interval";
  /** Seconds. */
  readonly every: number;
  readonly relative?: true;
  readonly timezone?: string;
  /** From where it is counted, milliseconds since 1970. */
  readonly startingAt?: number;
}

interface Rule {
  /** Milliseconds. */
  readonly every: number;
  readonly relative: boolean;
  readonly timezone?: string;
  /** Milliseconds since 1970. */
  readonly start?: number;
}

const second = 1000;
const day = 86_400 * second;
/** Milliseconds in what runs are cut to. */
const units = [day, 3600 * second, 60 * second, second];

/**
 * Every so many seconds, `"5m"`, `{ hours: 1 }`. By itself it is counted from the instant that it is asked about, as Celery
 * does; `startingAt` counts it from a fixed one, on both sides of it, so that everybody sees the same slots.
 *
 * Throws `ImproperlyConfigured` for a span under a second or over a hundred years, and for an unknown zone.
 */
export function interval(every: Interval, options: IntervalOptions = {}): Schedule {
  checkNames(options, ["relative", "timezone"], "option of an interval");
  const { relative = false, timezone } = options;
  zoneOf(timezone);
  const rule: Rule = { every: spanOf(every), relative, ...(timezone !== undefined && { timezone }) };

  return {
    ...intervalOf(rule),
    startingAt: (start) => intervalOf({ ...rule, start: millisecondsOf("The start of an interval", start) }),
  };
}

function intervalOf(rule: Rule): Schedule {
  const next = (after: Date, timezone?: string) => {
    const zone = zoneOf(rule.timezone ?? timezone);
    return dateAt(nextOf({ ...rule, zone }, millisecondsOf("What an interval is asked after", after)));
  };
  return {
    next,
    between: (from, to, timezone) => walk((after) => next(after, timezone), from, to),
    toJSON: () => formOf(rule),
    toString: () => textOf(rule),
  };
}

interface RuleInZone extends Rule {
  readonly zone: Zone;
}

function nextOf(rule: RuleInZone, after: number): number {
  const { start = after, every } = rule;
  // A day may have more or fewer than 24 hours: the estimate is two days early then, and never late.
  let runs = Math.floor((after - start) / every) + (isInDays(rule) ? -2 : 1);
  let next = cut(rule, later(rule, start, runs));
  // Two runs may be cut to one, on a day of 25 hours.
  while (next <= after) next = cut(rule, later(rule, start, ++runs));
  return next;
}

/** So many runs after an instant. */
function later(rule: RuleInZone, from: number, runs: number): number {
  if (!isInDays(rule)) return from + runs * rule.every;
  const moment = momentAt(rule.zone, from);
  const first = rule.relative ? moment - mod(moment, day) : moment;
  return reaching(rule.zone, first + runs * rule.every);
}

function isInDays({ every }: Rule): boolean {
  return every % day === 0;
}

/** Where the rule is relative: the last full day, hour, minute or second that clocks of the zone show. */
function cut({ relative, every, zone }: RuleInZone, instant: number): number {
  if (!relative) return instant;
  const unit = units.find((each) => every >= each) ?? second;
  const moment = momentAt(zone, instant);
  const over = mod(moment, unit);
  return unit === day ? reaching(zone, moment - over) : instant - over;
}

/** What clocks of a zone show, as milliseconds that are counted as those since 1970 are. */
function momentAt(zone: Zone, instant: number): number {
  return instant + zone.at(Math.floor(instant / second)).offset * second;
}

/** The first instant at which they show it, or something later. */
function reaching(zone: Zone, moment: number): number {
  const over = mod(moment, second);
  return zone.reaching((moment - over) / second) * second + over;
}

function mod(dividend: number, divisor: number): number {
  return ((dividend % divisor) + divisor) % divisor;
}

function formOf({ every, relative, timezone, start }: Rule): IntervalForm {
  return {
    type: "interval",
    every: every / second,
    ...(relative && { relative }),
    ...(timezone !== undefined && { timezone }),
    ...(start !== undefined && { startingAt: start }),
  };
}

function textOf({ every, relative, timezone, start }: Rule): string {
  const parts = [
    `every ${printSpan(every)}`,
    ...(relative ? ["(relative)"] : []),
    ...(timezone === undefined ? [] : [`in ${timezone}`]),
    ...(start === undefined ? [] : [`counted from ${new Date(start).toISOString()}`]),
  ];
  return parts.join(" ");
}
