/**
 * Another revision of an entry: what was sent ahead under the one before is taken back.
 *
 * A beat that has read the old revision may send it still. So all is revoked that it can send, by id, whether it was sent or
 * not: the ids are known in advance.
 *
 * @module
 */

import { idsOf } from "@umbel/core";
import { listIn, type Stretch } from "./due.ts";
import type { Desk } from "./desk.ts";
import type { PlannedEntry } from "./planned-entry.ts";
import { keptEntry } from "./read-entry.ts";
import type { EntryRecord } from "./record.ts";
import { runOf } from "./run.ts";

/** A beat sends no run longer ahead of its time than so many seconds. */
export const longestHorizon = 300;

/** A run that is due so soon, in milliseconds, may have begun before it could be taken back. */
const begun = 2000;
/** Runs that were due so long ago, in milliseconds, may be about to be sent. */
const pending = 120_000;
/** A beat that reads now may judge by a clock that is so much ahead, in milliseconds: one store has taken another's place. */
const slack = 60_000;

/** The same entry under its next revision: of what is due soon, what was sent runs as it was; all else counts from now. */
export function revised(record: EntryRecord, now: number): EntryRecord {
  const { late: _late, broken: _broken, ...kept } = record;
  return { ...kept, revision: Math.max(record.revision + 1, now), upTo: settled(record, now) };
}

/** Up to here the old revision holds. */
function settled({ upTo }: EntryRecord, now: number): number {
  return Math.max(now, Math.min(upTo, now + begun));
}

/**
 * Takes back what was sent, or may be, under a revision that holds no more since `now`. `entry` is the one in code, where that
 * is known: an application's own schedule is only there. Throws what revoking throws.
 */
export async function takeBack(
  { app }: Pick<Desk, "app">,
  {
    name,
    record,
    now,
    entry,
  }: { readonly name: string; readonly record: EntryRecord; readonly now: number; readonly entry?: PlannedEntry },
): Promise<void> {
  const stretch = {
    from: record.upTo > now ? settled(record, now) : Math.max(record.upTo, now - pending),
    to: now + longestHorizon * 1000 + slack,
  };
  await app.revoke(idsIn({ app }, { name, record, ...(entry === undefined ? {} : { entry }) }, stretch));
}

interface Old {
  readonly name: string;
  readonly record: EntryRecord;
  readonly entry?: PlannedEntry;
}

/** The ids of what starts the runs of a stretch; of the last one, where nobody here can tell the others. */
function idsIn({ app }: Pick<Desk, "app">, old: Old, stretch: Stretch): readonly string[] {
  const { record } = old;
  const wire = record.spec.task;
  try {
    const entry = old.entry ?? keptEntry(app, old.name, record.spec);
    const runs = listIn(entry, record, stretch).map((slot) => runOf(app.name, { entry, record }, slot));
    return runs.flatMap(({ id, slot }) => idsOf(app, { wire, id, at: slot, isDue: false }).first);
  } catch {
    const { lastRun = 0, lastId } = record;
    return lastId !== undefined && lastRun > stretch.from ? [lastId] : [];
  }
}
