/**
 * Another revision of an entry: what was sent ahead under the one before is taken back.
 *
 * A beat that has read the old revision may send it still. So all is revoked that it can send, by id, whether it was sent or
 * not: the ids are known in advance.
 *
 * @module
 */

import { idsOf } from "@umbel/core";
import type { Desk } from "./desk.ts";
import { slotsIn } from "./due.ts";
import type { EntryTimes, PlannedEntry } from "./planned-entry.ts";
import { keptTimes } from "./read-entry.ts";
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

/** Ids in one call: no request gets too large by them. */
const mostIds = 1000;

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

/** An entry whose old revision's runs are to be taken back. */
export interface Revision {
  readonly name: string;
  readonly record: EntryRecord;
  /** As it is in code, where that is known. */
  readonly entry?: PlannedEntry | undefined;
}

/**
 * Takes back what was sent, or may be, under the revision that holds no more. False: of an application's own schedule, whose
 * code is not here, only what is known to be sent was. Throws what revoking throws.
 */
export async function takeBack({ app }: Pick<Desk, "app">, { name, record, entry }: Revision): Promise<boolean> {
  const { old } = record;
  if (old === undefined) return true;
  const times = timesOf(name, old, entry);
  const { from, idOf, beginOf } = recallOf({ app }, { name, record }, old);
  const slots = times === undefined ? sentIn(record, from) : slotsIn(times, old, { from, to: old.to });
  const ids = Array.from(slots)
    .filter((slot) => beginOf(slot) > old.from)
    .flatMap((slot) => idsOf(app, { wire: old.spec.task, id: idOf(slot), at: slot, isDue: false }).first);
  for (let nth = 0; nth < ids.length; nth += mostIds) await app.revoke(ids.slice(nth, nth + mostIds));
  return times !== undefined;
}

/**
 * The same entry when that is done; undefined: it is no more. What was sent and has begun meanwhile is not sent again, and
 * counted; what was taken back is not.
 */
export function settled(desk: Pick<Desk, "app">, { name, record: kept }: Kept, now: number): EntryRecord | undefined {
  if (kept.removed !== undefined) return undefined;
  if (kept.old === undefined) return kept;
  const { old, waiting = [], ...record } = kept;
  const { from, beginOf } = recallOf(desk, { name, record }, old);
  const left = waiting.filter((slot) => slot <= from || beginOf(slot) <= Math.max(old.from, now));
  const upTo = Math.max(record.upTo, Math.min(old.sent, now + begun));
  const earlier = heldLonger(record.earlier, upTo);
  return counted(desk, { name, record: { ...record, ...earlier, upTo, waiting: left } }, now);
}

/** How what was sent by an old revision is found again. */
interface Recall {
  /** No slot up to here is taken back. */
  readonly from: number;
  readonly idOf: (slot: number) => string;
  /** When a run begins at the earliest; its slot, where what waits beyond that is left as it was. */
  readonly beginOf: (slot: number) => number;
}

function recallOf({ app }: Pick<Desk, "app">, { name, record: { earlier = [] } }: Kept, old: OldRevision): Recall {
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

/** Those of which it is kept that they were sent. */
function sentIn({ ahead = [] }: EntryRecord, from: number): readonly number[] {
  return ahead.filter((slot) => slot > from);
}

/** When it ran. */
function timesOf(name: string, { spec }: OldRevision, entry: PlannedEntry | undefined): EntryTimes | undefined {
  try {
    return keptTimes(name, spec);
  } catch {
    return entry !== undefined && String(entry.schedule) === spec.schedule ? entry : undefined;
  }
}
