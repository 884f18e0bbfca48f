/**
 * What a tick decides on an entry, and what is kept of it then.
 *
 * @module
 */

import { cut, nextSlot, slotsOf, type Stretch } from "./due.ts";
import type { Desk } from "./desk.ts";
import type { Look } from "./look.ts";
import type { EntryRecord } from "./record.ts";
import { type Run, runOf } from "./run.ts";
import { withSent } from "./waiting.ts";

/** What is to be sent for an entry. */
export interface Decision {
  readonly look: Look;
  /** Missed ones, oldest first; then those on time. */
  readonly late: readonly Run[];
  readonly timely: readonly Run[];
  /** Not to be sent: the run before them has not ended. */
  readonly skipped: readonly Run[];
  /** Where the missed ones lie. */
  readonly stretches: readonly Stretch[];
  readonly upTo: number;
}

/** An instant, and how far ahead of it runs are sent, in milliseconds. */
export interface Sight {
  readonly now: number;
  readonly ahead: number;
  /** Milliseconds that may lie between two ticks. */
  readonly horizon: number;
}

/** Milliseconds by which a tick may be later than that. */
const grace = 60_000;

/** What is due of an entry. Throws what its schedule throws. */
export function decide({ app }: Pick<Desk, "app">, look: Look, sight: Sight): Decision {
  const { entry, record } = look;
  if (!entry.enabled || record.paused !== undefined) {
    return { look, late: [], timely: [], skipped: [], stretches: record.late ?? [], upTo: record.upTo };
  }
  const ahead = entry.overlap === "allow" ? sight.ahead : 0;
  // What is not sent ahead is late by as much as ticks lie apart.
  const reach = { now: sight.now, ahead, grace: grace + sight.horizon - ahead };
  const { missed, timely, ...rest } = slotsOf(entry, record, reach);
  const run = (slot: number): Run => runOf(app.name, look, slot);
  return { look, late: missed.map(run), timely: timely.map(run), skipped: [], ...rest };
}

/** The same with at most so many missed runs: the rest is left for later. */
export function withinBudget(decision: Decision, budget: number): Decision {
  return { ...decision, late: decision.late.slice(0, budget) };
}

/**
 * The same where runs must not overlap: of several that are due at once one is sent. `isRunning` says whether the last one
 * still runs.
 */
export function withoutOverlap(decision: Decision, isRunning: boolean): Decision {
  const { overlap } = decision.look.entry;
  const due = [...decision.late, ...decision.timely];
  if (overlap === "allow" || due.length === 0) return decision;
  const one = overlap === "cancel" ? due.at(-1) : isRunning ? undefined : due[0];
  const isOne = (each: Run): boolean => each === one;
  const late = decision.late.filter(isOne);
  return {
    ...decision,
    late,
    stretches: late.map(({ slot }) => ({ from: slot - 1, to: slot })),
    timely: decision.timely.filter(isOne),
    skipped: due.filter((each) => !isOne(each)),
  };
}

/** What is left of it when some runs could not be sent: all before them, so that the next tick begins with them. */
export function withoutFailed(decision: Decision, isFailed: (run: Run) => boolean): Decision {
  const late = decision.late.findIndex(isFailed);
  const timely = decision.timely.find(isFailed);
  const upTo = timely === undefined ? decision.upTo : timely.slot - 1;
  return {
    ...decision,
    upTo,
    late: late === -1 ? decision.late : decision.late.slice(0, late),
    timely: decision.timely.filter(({ slot }) => slot <= upTo),
    skipped: decision.skipped.filter(({ slot }) => slot <= upTo),
  };
}

/** What is kept of an entry when everything that was decided was done. */
export function decided(desk: Pick<Desk, "app">, decision: Decision, now: number): EntryRecord {
  const { look, late, timely, skipped, stretches, upTo } = decision;
  const { late: _late, broken: _broken, ahead = [], ...record } = look.record;
  const left = cut(stretches, late.at(-1)?.slot ?? 0);
  const runs = [...late, ...timely];
  return {
    ...withSent(desk, { name: look.entry.name, record }, { runs, now }),
    upTo,
    skipped: record.skipped + skipped.length,
    ...(left.length === 0 ? {} : { late: left }),
    ...aheadOf(look, [...ahead, ...runs.map(({ slot }) => slot)], now),
  };
}

/** Milliseconds for which it is kept what was sent by a schedule that is only in code: an edit takes back no older runs. */
const recent = 120_000;

function aheadOf({ record: { spec } }: Look, slots: readonly number[], now: number): Pick<EntryRecord, "ahead"> {
  const ahead = typeof spec.schedule === "string" ? slots.filter((slot) => slot > now - recent) : [];
  return ahead.length === 0 ? {} : { ahead };
}

/** When missed runs that are left are sent, in milliseconds from now: all at once would be a stampede. */
const breather = 10_000;

/** When an entry is to be looked at next; undefined: not before it is changed. Throws what its schedule throws. */
export function nextLook({ entry }: Look, record: EntryRecord, now: number): number | undefined {
  if (!entry.enabled || record.paused !== undefined) return undefined;
  const slot = nextSlot(entry, record, record.upTo);
  return record.late === undefined ? slot : Math.min(slot ?? Infinity, now + breather);
}
