/**
 * The slots of a revision that holds no more, of which runs may be under way.
 *
 * @module
 */

import type { Desk } from "./desk.ts";
import { slotsIn, type Stretch } from "./due.ts";
import type { Unsettled } from "./look.ts";
import type { EntryTimes, PlannedEntry } from "./planned-entry.ts";
import { keptTimes } from "./read-entry.ts";
import type { OldRevision } from "./record.ts";
import { heldUpTo, recallOf } from "./revision.ts";

/** An entry that was edited, and how it is in code, where that is known. */
export interface OldEntry extends Unsettled {
  readonly entry?: PlannedEntry | undefined;
}

/** Those that are to be taken back and are not yet, in order. Throws what the schedule throws. */
export function* oldSlots(
  desk: Pick<Desk, "app">,
  each: OldEntry,
  cut: number,
): Generator<number, undefined, undefined> {
  const { stored, record } = each;
  const { old } = record;
  const { from, beginOf } = recallOf(desk, { name: stored.name, record });
  const held = heldUpTo(record);
  for (const slot of slotsOf(each, { from: Math.max(from, old.done ?? from), to: old.to })) {
    if (beginOf(slot) <= old.from) continue;
    // What the old revision may have sent in time stays its own.
    if (old.waiting !== true && slot > held && slot <= cut) continue;
    yield slot;
  }
}

/** All in a stretch; where only the code elsewhere knows them, those that were surely sent. Throws what the schedule throws. */
export function slotsOf(each: OldEntry, stretch: Stretch): Iterable<number> {
  const { record } = each;
  const times = timesOf(each);
  if (times !== undefined) return slotsIn(times, record.old, stretch);
  return (record.ahead ?? []).filter((slot) => slot > stretch.from && slot <= stretch.to);
}

/** Whether it is known here when it ran: not where its schedule is an application's own, and the code elsewhere. */
export function isKnownHere(each: OldEntry): boolean {
  return timesOf(each) !== undefined;
}

function timesOf({ stored: { name }, record: { old }, entry }: OldEntry): EntryTimes | undefined {
  const { spec }: OldRevision = old;
  try {
    return keptTimes(name, spec);
  } catch {
    return entry !== undefined && String(entry.schedule) === spec.schedule ? entry : undefined;
  }
}
