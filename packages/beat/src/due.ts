/**
 * Which slots of an entry are to be sent, as arithmetic: what is due, what was missed, when to look again.
 *
 * All of it follows from the record, the rules and one clock, the store's. So beats that look at once find the same.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { EntryTimes, PlannedEntry } from "./planned-entry.ts";
import type { EntryRecord } from "./record.ts";
import type { Schedule } from "./schedules/schedule.ts";

/** A stretch of time: later than `from`, not later than `to`; milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What one look at an entry says. */
export interface DueSlots {
  /** Missed ones that are still wanted, oldest first: as many as one look finds. */
  readonly missed: readonly number[];
  /** The stretches in which all those lie, and nothing else. */
  readonly stretches: readonly Stretch[];
  /** Those that are on time, or ahead of it. */
  readonly timely: readonly number[];
  /** Up to here all are in the lists, or not wanted. */
  readonly upTo: number;
}

/** Most slots on time that one look finds: more than any sensible schedule has. */
const mostTimely = 1000;
/** The first stretch that is searched for missed slots, in milliseconds, and how much longer each further one is. */
const firstSearch = 60_000;
const growth = 4;

/** Of when a look is, and how far it goes. */
export interface Reach {
  readonly now: number;
  /** Slots that come within so many milliseconds are decided as well. */
  readonly ahead: number;
  /** Slots that are late by less, in milliseconds, are on time. */
  readonly grace: number;
}

/** The slots of an entry that are to be decided now. Throws what its schedule throws. */
export function slotsOf(entry: PlannedEntry, record: EntryRecord, { now, ahead, grace }: Reach): DueSlots {
  const end = Math.min(now + ahead, entry.endAt ?? Infinity);
  const open = { from: Math.max(record.upTo, (entry.startAt ?? 0) - 1), to: end };
  const late = Math.min(now - grace, end);
  const timely = listIn(entry, record, { from: Math.max(open.from, late), to: end });
  const last = timely[mostTimely];
  return {
    ...missedIn(entry, record, { from: open.from, to: late, now }),
    timely: timely.slice(0, mostTimely),
    upTo: last === undefined ? Math.max(record.upTo, now + ahead) : last - 1,
  };
}

/** The first slot later than an instant; undefined when there is none any more. Throws what the schedule throws. */
export function nextSlot(entry: EntryTimes, record: EntryRecord, after: number): number | undefined {
  const from = Math.max(after, (entry.startAt ?? 0) - 1);
  const slot = anchored(entry, record).next(new Date(from), entry.timezone)?.getTime();
  if (slot === undefined || slot > (entry.endAt ?? Infinity)) return undefined;
  return checked(entry, slot, from);
}

/** The slots of a stretch, at most a thousand and one. Throws what the schedule throws. */
export function listIn(entry: EntryTimes, record: Pick<EntryRecord, "start">, stretch: Stretch): readonly number[] {
  const slots: number[] = [];
  for (const slot of slotsIn(entry, record, stretch)) if (slots.push(slot) > mostTimely) break;
  return slots;
}

/** What is left of stretches after an instant. */
export function cut(stretches: readonly Stretch[], after: number): readonly Stretch[] {
  return stretches.map(({ from, to }) => ({ from: Math.max(from, after), to })).filter(({ from, to }) => from < to);
}

/** Missed slots: those left from an earlier look, and of the others those that the policy wants. */
function missedIn(
  entry: PlannedEntry,
  record: EntryRecord,
  { from, to, now }: Stretch & { readonly now: number },
): Pick<DueSlots, "missed" | "stretches"> {
  const { policy, within = Infinity, limit } = entry.catchup;
  const { late = [] } = record;
  const left = late.flatMap((stretch) => listIn(entry, record, stretch));
  if (policy === "skip") return { missed: left, stretches: late };
  const most = policy === "once" ? 1 : limit;
  const found = latestIn(entry, record, { from: Math.max(from, now - within * 1000 - 1), to, most });
  const missed = [...left, ...found].slice(-most);
  const [first = 0] = missed;
  const [oldest] = found;
  const all = oldest === undefined ? late : [...late, { from: oldest - 1, to: found.at(-1) ?? oldest }];
  return { missed, stretches: cut(all, first - 1) };
}

/** The latest slots of a stretch. It may have millions: they are searched for from its end. */
function latestIn(
  entry: PlannedEntry,
  record: EntryRecord,
  { from, to, most }: Stretch & { readonly most: number },
): readonly number[] {
  if (from >= to) return [];
  for (let length = firstSearch; ; length *= growth) {
    const start = Math.max(from, to - length);
    const slots = lastOf(slotsIn(entry, record, { from: start, to }), most);
    if (slots.length >= most || start === from) return slots;
  }
}

function lastOf(slots: Iterable<number>, most: number): readonly number[] {
  let kept: number[] = [];
  for (const slot of slots) {
    kept.push(slot);
    if (kept.length >= 2 * most + 2) kept = kept.slice(-most);
  }
  return kept.slice(-most);
}

/** The slots of a stretch, however many there are. Throws what the schedule throws. */
export function* slotsIn(
  entry: EntryTimes,
  record: Pick<EntryRecord, "start">,
  { from, to }: Stretch,
): Generator<number, undefined, undefined> {
  if (from >= to) return;
  let last = from;
  for (const instant of anchored(entry, record).between(new Date(from), new Date(to), entry.timezone)) {
    const slot = checked(entry, instant.getTime(), last);
    if (slot > to) return;
    yield slot;
    last = slot;
  }
}

/** The schedule, counted from the entry's first day where it counts from somewhere. */
function anchored({ schedule, startAt }: EntryTimes, { start }: Pick<EntryRecord, "start">): Schedule {
  return schedule.startingAt?.(new Date(startAt ?? start)) ?? schedule;
}

/** An application may have written the schedule: one that does not go on would be asked for ever. */
function checked({ schedule }: EntryTimes, slot: number, after: number): number {
  if (slot > after) return slot;
  throw new ImproperlyConfigured(
    `The schedule ${String(schedule)} says ${slot} comes after ${after}: it does not go on`,
  );
}
