/**
 * Finds an entry that is kept, and reads it.
 *
 * @module
 */

import { printable, type Umbel } from "@umbel/core";
import { EntryNotFound, type StoredEntry } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { recordIn } from "./entry-change.ts";
import { isSame, type Look, type Plan } from "./look.ts";
import { knownPlan } from "./plan.ts";
import type { PlannedEntry } from "./planned-entry.ts";
import { keptEntry } from "./read-entry.ts";
import { type EntryRecord, readRecord } from "./record.ts";

/** What is kept of an entry, and the store's clock. */
export interface Found {
  readonly now: number;
  readonly stored?: StoredEntry;
}

/** An entry that was read, and the store's clock. */
export interface FoundEntry extends Look {
  readonly now: number;
}

/** What is kept of an entry of this name. Throws `BackendUnavailable`. */
export async function findEntry({ app, store }: Desk, name: string): Promise<Found> {
  const { now, entries } = await store.entries({ app: app.name, names: [name] });
  const stored = entries.find((each) => !isRemoved(each));
  return { now, ...(stored && { stored }) };
}

/** Whether it is there only until what was sent for it is taken back. */
export function isRemoved(stored: StoredEntry): boolean {
  return recordIn({ name: stored.name, stored })?.removed !== undefined;
}

/** The entry of this name. Throws `EntryNotFound`, `InvalidMessageError` for one that cannot be read, `ImproperlyConfigured`. */
export async function needEntry(desk: Desk, name: string): Promise<FoundEntry> {
  const { now, stored } = await findEntry(desk, name);
  if (stored === undefined) throw noEntry(desk.app, name);
  const record = readRecord(stored.text);
  const entry = plannedIn(knownPlan(desk.app), name, record) ?? keptEntry(desk.app, name, record.spec);
  return { now, stored, record, entry };
}

/** The same entry in code, where that is known in this process: an application's own schedules and functions are only there. */
export function plannedIn(plan: Plan | undefined, name: string, record: EntryRecord): PlannedEntry | undefined {
  const entry = record.kind === "code" ? plan?.get(name) : undefined;
  return entry !== undefined && isSame(entry, record) ? entry : undefined;
}

/** What says that there is none of this name. */
export function noEntry({ name: app }: Pick<Umbel, "name">, name: string): EntryNotFound {
  return new EntryNotFound(
    `The application "${app}" has no entry "${printable(name)}"; one of code is there from beat's first tick on`,
  );
}
