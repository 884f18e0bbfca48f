/**
 * What is to be looked at: an entry that is due, as it is kept and as it was read.
 *
 * @module
 */

import type { StoredEntry } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import type { PlannedEntry } from "./planned-entry.ts";
import { keptEntry } from "./read-entry.ts";
import { type EntryRecord, readRecord, textOfSpec } from "./record.ts";
import type { UnsettledRecord } from "./revision.ts";

/** An entry that can be looked at. */
export interface Look {
  readonly stored: StoredEntry;
  readonly record: EntryRecord;
  readonly entry: PlannedEntry;
}

/** One that cannot be. */
export interface Unreadable {
  readonly stored: StoredEntry;
  /** Absent where that is what cannot be read. */
  readonly record?: EntryRecord;
  readonly error: unknown;
}

/** One that was edited: first what was sent ahead is taken back. */
export interface Unsettled {
  readonly stored: StoredEntry;
  readonly record: UnsettledRecord;
}

/** Entries of code, by name. */
export type Plan = ReadonlyMap<string, PlannedEntry>;

/**
 * Reads what is kept of an entry; undefined for an entry of code that is another deployment's: that looks at it itself.
 */
export function lookAt(app: Desk["app"], plan: Plan, stored: StoredEntry): Look | Unreadable | Unsettled | undefined {
  let record: EntryRecord | undefined;
  try {
    record = readRecord(stored.text);
    if (isUnsettled(record)) return { stored, record };
    if (record.kind === "dynamic") return { stored, record, entry: keptEntry(app, stored.name, record.spec) };
  } catch (error) {
    return { stored, error, ...(record === undefined ? {} : { record }) };
  }
  const entry = plan.get(stored.name);
  if (entry === undefined || record.dropped !== undefined || !isSame(entry, record)) return undefined;
  return { stored, record, entry };
}

/** Whether something is still to be taken back. */
export function isUnsettled(record: EntryRecord): record is UnsettledRecord {
  return record.old !== undefined;
}

/** Whether an entry of code is the one that is kept. */
export function isSame({ spec }: PlannedEntry, record: EntryRecord): boolean {
  return textOfSpec(spec) === textOfSpec(record.spec);
}
