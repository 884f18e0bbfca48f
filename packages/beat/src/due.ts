/**
 * What is due, as arithmetic.
 *
 * Time is cut into slots that are anchored at 1970, not at the last run: so every tick, on whatever machine, cuts it in
 * the same places, and a run is known by the start of its slot.
 *
 * @module
 */

import type { PlannedEntry } from "./entry.ts";

/** The start of the last slot that each entry was sent for, in milliseconds since 1970. */
export type LastSlots = Readonly<Record<string, number>>;

/** An entry's turn. */
export interface DueRun {
  readonly entry: PlannedEntry;
  /** Start of the slot, milliseconds since 1970. */
  readonly slot: number;
}

/** What one look at the clock says. */
export interface Due {
  readonly runs: readonly DueRun[];
  /** Entries that were never seen before, and the slot they were found in: their first turn is the next one. */
  readonly found: LastSlots;
}

/** What is due at `now`. After a missed stretch only the latest slot is; the ones before it are skipped. */
export function dueAt(now: number, plan: readonly PlannedEntry[], last: LastSlots): Due {
  const current = plan.map((entry) => ({ entry, slot: slotAt(now, entry.interval) }));
  const isKnown = ({ entry }: DueRun) => Object.hasOwn(last, entry.name);
  const known = current.filter(isKnown);
  return {
    runs: known.filter(({ entry, slot }) => slot > (last[entry.name] ?? slot)),
    found: Object.fromEntries(current.filter((each) => !isKnown(each)).map(({ entry, slot }) => [entry.name, slot])),
  };
}

function slotAt(now: number, interval: number): number {
  return Math.floor(now / interval) * interval;
}
