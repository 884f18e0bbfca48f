/**
 * The change that makes a kept entry what it is to be.
 *
 * @module
 */

import type { EntryChange, StoredEntry } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { type EntryRecord, readRecord, writeRecord } from "./record.ts";

/** An entry as it was read, if it was there. */
export interface ReadState {
  readonly name: string;
  readonly stored: StoredEntry | undefined;
}

/** What is to be kept; nothing, when it is no more. */
export interface ChangedTo {
  readonly record: EntryRecord | undefined;
  readonly now: number;
}

/** Makes it this. Where there is something to do for it, the next tick looks at it, and finds its next slot. */
export function changeTo(
  { app }: Pick<Desk, "app">,
  { name, stored }: ReadState,
  { record, now }: ChangedTo,
): EntryChange {
  const expected = stored === undefined ? {} : { expected: stored.version };
  if (record === undefined) return { name, ...expected };
  const isIdle = record.old === undefined && (record.paused !== undefined || record.dropped !== undefined);
  const entry = { version: app.platform.newId(), text: writeRecord(record), ...(isIdle ? {} : { next: now }) };
  return { name, ...expected, entry };
}

/** What is kept; undefined where there is nothing, or it cannot be read. */
export function recordIn({ stored }: ReadState): EntryRecord | undefined {
  try {
    return stored === undefined ? undefined : readRecord(stored.text);
  } catch {
    return undefined;
  }
}
