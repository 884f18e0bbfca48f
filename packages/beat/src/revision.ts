/**
 * Another revision of an entry: what was sent ahead under the one before is taken back.
 *
 * A beat that has read the old revision may send it still. So all is revoked that it can send, by id, whether it was sent or
 * not: the ids are known in advance.
 *
 * @module
 */

import type { Desk } from "./desk.ts";
import type { EntryRecord, OldRevision } from "./record.ts";
import { idAt, jitterOf } from "./run.ts";
import { countdownIn, counted, type Kept } from "./waiting.ts";

/** A beat sends no run longer ahead of its time than so many seconds. */
export const longestHorizon = 300;

/** A run that is due so soon, in milliseconds, may have begun before it could be taken back. */
const begun = 2000;
/** Runs that were due so long ago, in milliseconds, may be about to be sent. */
const pending = 120_000;
/** A beat that reads now may judge by a clock that is so much ahead, in milliseconds: one store has taken another's place. */
const slack = 60_000;

/** Runs that wait for longer after their slot, in milliseconds, are not taken back. */
const longestWait = 7 * 86_400_000;

/** Most revisions that are kept. */
const mostEarlier = 20;

/** The same entry under its next revision: of what is due soon, what was sent runs as it was; all else counts from now. */
export function revised(record: EntryRecord, now: number): EntryRecord {
  const { late: _late, broken: _broken, ...kept } = record;
  const { birth, revision, spec, start, earlier = [] } = record;
  const upTo = Math.max(now, Math.min(record.upTo, now + begun));
  const from = record.upTo > now ? upTo : Math.max(record.upTo, now - pending);
  return {
    ...kept,
    revision: Math.max(revision + 1, now),
    upTo,
    old: {
      ...(birth === undefined ? {} : { birth }),
      revision,
      spec,
      start,
      sent: record.upTo,
      from,
      to: now + longestHorizon * 1000 + slack,
    },
    earlier: [...earlier, { revision, upTo }].slice(-mostEarlier),
  };
}

/**
 * The same where it runs when it ran before: what was due and is not sent yet is sent by its new rules, under the id that it had.
 * So a deployment between a slot and the tick that sends it loses nothing, and a beat that sends it meanwhile doubles nothing.
 */
export function goingOn(record: EntryRecord, now: number): EntryRecord {
  const { old, ...next } = revised(record, now);
  return {
    ...next,
    upTo: Math.min(next.upTo, record.upTo),
    ...(record.late === undefined ? {} : { late: record.late }),
    ...(old === undefined ? {} : { old: { ...old, from: next.upTo } }),
  };
}

/** The same where it is to be sent no more: what is due soon is taken back as well, as far as it has not begun. */
export function ended(record: EntryRecord, now: number): EntryRecord {
  const { old, ...revision } = revised(record, now);
  if (old === undefined) return revision;
  const from = Math.min(old.from, now);
  return { ...revision, old: { ...old, from, waiting: true } };
}

/** An entry of which not all is taken back yet that was sent under the revision that holds no more. */
export interface KeptUnsettled extends Kept {
  readonly record: UnsettledRecord;
}

/** What is kept of such an entry. */
export type UnsettledRecord = EntryRecord & { readonly old: OldRevision };

/** When something is taken back. */
export interface TakingBack {
  readonly now: number;
  /** Up to here the slots stay the old revision's, sent or not: see {@link cutAt}. */
  readonly cut: number;
}

/**
 * Up to which slot an old revision holds, where it is taken back at an instant: what begins so soon may have begun before, by its
 * rules. What of that nobody has sent is sent by the new rules, under the id that it had. Of what nobody is known to have sent
 * more is the old one's only where it has run: `ran` is the last slot that has.
 */
export function cutAt(record: UnsettledRecord, now: number, ran: number = -Infinity): number {
  const { old } = record;
  const inTime = Math.max(heldUpTo(record), editedAt(old) + begun);
  // Whoever is in time reckons from the edit: several that take it back at once find the same.
  return isLate(old, now) ? Math.max(inTime, Math.min(old.sent, now + begun), ran) : inTime;
}

/** Slots up to here may have run when something is taken back at an instant. */
export function mayHaveRun({ old }: UnsettledRecord, now: number): number {
  return Math.min(now + begun, old.to);
}

/** Up to which slot the old revision holds in any case. */
export function heldUpTo({ old, earlier = [] }: UnsettledRecord): number {
  return earlier.at(-1)?.upTo ?? old.from;
}

/** Whether an edit was cut off: nobody has taken back at once what was sent by the rules before it. */
export function isLate(old: OldRevision, now: number): boolean {
  return now > editedAt(old) + begun / 2;
}

function editedAt({ to }: OldRevision): number {
  return to - longestHorizon * 1000 - slack;
}

/** The same entry when its slots up to one are taken back: there are more of them than one call takes. */
export function takenUpTo(
  desk: Pick<Desk, "app">,
  kept: KeptUnsettled,
  { upTo, ...taking }: TakingBack & { readonly upTo: number },
): UnsettledRecord {
  const { waiting = [], old, ...record } = kept.record;
  const isLeft = leaving(desk, kept, taking);
  const left = waiting.filter((slot) => slot > upTo || isLeft(slot));
  return { ...record, old: { ...old, done: upTo }, ...(left.length === 0 ? {} : { waiting: left }) };
}

/**
 * The same entry when all is taken back; undefined: it is no more. What was sent and has begun meanwhile is not sent again, and
 * counted; what was taken back is not.
 */
export function settled(
  desk: Pick<Desk, "app">,
  { name, record: kept }: KeptUnsettled,
  { now, cut }: TakingBack,
): EntryRecord | undefined {
  if (kept.removed !== undefined) return undefined;
  const { old, waiting = [], ...record } = kept;
  const left = waiting.filter(leaving(desk, { name, record: kept }, { now, cut }));
  const upTo = Math.max(record.upTo, Math.min(old.sent, cut));
  const earlier = heldLonger(record.earlier, old.waiting === true ? upTo : Math.max(upTo, cut));
  return counted(desk, { name, record: { ...record, ...earlier, upTo, waiting: left } }, now);
}

/** Says of a run that was sent whether it is not taken back: it has begun, or is about to. */
function leaving(
  desk: Pick<Desk, "app">,
  { name, record }: KeptUnsettled,
  { now, cut }: TakingBack,
): (slot: number) => boolean {
  const { old } = record;
  const { from, beginOf } = recallOf(desk, { name, record });
  const latest = Math.max(old.from, old.waiting === true ? now : cut);
  const done = Math.max(from, old.done ?? from);
  return (slot) => slot <= done || beginOf(slot) <= latest;
}

/** How what was sent by an old revision is found again. */
export interface RecallTimes {
  /** No slot up to here is taken back. */
  readonly from: number;
  readonly idOf: (slot: number) => string;
  /** When a run begins at the earliest; its slot, where what waits beyond that is left as it was. */
  readonly beginOf: (slot: number) => number;
}

/** Finds it for an entry. */
export function recallOf(
  { app }: Pick<Desk, "app">,
  { name, record: { old, earlier = [] } }: KeptUnsettled,
): RecallTimes {
  const countdown = old.waiting === true ? countdownIn({ app }, old.spec.task) : 0;
  const wait = old.waiting === true ? Math.min(longestWait, old.spec.jitter * 1000 + countdown) : 0;
  // Of what is due at once some may be of a revision still before it.
  const idOf = (slot: number): string => idAt(app.name, { name, record: { ...old, earlier } }, slot);
  const beginOf = (slot: number): number =>
    wait === 0 ? slot : slot + jitterOf(idOf(slot), old.spec.jitter) + countdown;
  return { from: old.from - wait, idOf, beginOf };
}

/** The old revision held for what had begun before it was taken back, too: the ids of these runs are its. */
function heldLonger(earlier: EntryRecord["earlier"] = [], upTo: number): Pick<EntryRecord, "earlier"> {
  const last = earlier.at(-1);
  if (last === undefined) return {};
  return { earlier: [...earlier.slice(0, -1), { ...last, upTo: Math.max(last.upTo, upTo) }] };
}
