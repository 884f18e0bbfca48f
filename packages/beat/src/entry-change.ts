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

/** Makes it this, or removes it. Where anything is sent for it, the next tick looks at it, and finds its next slot. */
export function changeTo(
  { app }: Pick<Desk, "app">,
  state: ReadState,
  { record, now }: { readonly record: EntryRecord | undefined; readonly now: number },
): EntryChange {
  const { name, stored } = state;
  const expected = stored === undefined ? {} : { expected: stored.version };
  if (record === undefined) return { name, ...expected };
  const isLookedAt = record.paused === undefined && record.dropped === undefined;
  const entry = { version: app.platform.newId(), text: writeRecord(record), ...(isLookedAt ? { next: now } : {}) };
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
