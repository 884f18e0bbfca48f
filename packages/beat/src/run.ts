/**
 * One run of an entry: the call that is sent for a slot.
 *
 * Its id comes from the application, the entry, the slot and the entry's revision. So it may be sent by any number of beats,
 * and again after a crash: it runs once (delivery.md 2, 3).
 *
 * @module
 */

import { childId, type TimedCall } from "@umbel/core";
import type { PlannedEntry } from "./planned-entry.ts";
import { type EntryRecord, revisionAt } from "./record.ts";

/** A run. */
export interface Run {
  /** The instant that it is for: milliseconds since 1970. */
  readonly slot: number;
  readonly id: string;
  /** It does not begin before: the slot, and its jitter. */
  readonly at: number;
  /** Makes the call. Throws what lazy arguments throw. */
  readonly call: (now: number) => TimedCall;
}

/** An entry, as it was read and as it is kept. */
export interface Subject {
  readonly entry: PlannedEntry;
  readonly record: Pick<EntryRecord, "birth" | "revision" | "earlier">;
}

/** The run of a slot. */
export function runOf(app: string, { entry, record }: Subject, slot: number): Run {
  const id = idAt(app, { name: entry.name, record }, slot);
  const at = slot + jitterOf(id, entry.jitter);
  // Whoever looks whether a run has ended needs its state.
  const isWatched = entry.overlap !== "allow";
  return {
    slot,
    id,
    at,
    call: (now) => ({ wire: entry.call().wire, id, at: Math.max(at, now), isDue: at <= now, isWatched }),
  };
}

/** Id of the run of a slot, under the revision that holds or held for it. */
export function idAt(
  app: string,
  { name, record }: Pick<Subject, "record"> & { readonly name: string },
  slot: number,
): string {
  const { birth } = record;
  const revision = revisionAt(record, slot);
  const parts = [
    name,
    slot,
    ...(birth === undefined && revision === 0 ? [] : [revision]),
    ...(birth === undefined ? [] : [birth]),
  ];
  return childId(app, ["beat", ...parts].join("\n"));
}

/** Milliseconds by which a run is late: the same wherever it is reckoned. Its id is a hash already. */
export function jitterOf(id: string, seconds: number): number {
  return seconds === 0 ? 0 : Number.parseInt(id.slice(0, 8), 16) % Math.max(1, Math.round(seconds * 1000));
}
