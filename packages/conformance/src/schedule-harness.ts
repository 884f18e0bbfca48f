/**
 * What the schedule store's suite needs of a store, and entries to put into it.
 *
 * @module
 */

import type { Changed, EntryChange, ScheduleStore, StoredEntry } from "@umbel/protocol";
import { newId } from "./requests.ts";

/** A store under test. */
export interface ScheduleStoreHarness {
  readonly store: ScheduleStore;
  /** Seconds: the shortest time that a test waits for. More than a few round trips when the clock is a real one. */
  readonly moment: number;
  /** Lets so many seconds of the store's time pass: moves a fake clock, or waits. */
  readonly pass: (seconds: number) => Promise<void>;
}

/** Makes the store under test ready; it may be shared by tests. */
export type StartScheduleStore = () => ScheduleStoreHarness | Promise<ScheduleStoreHarness>;

/** An application that no other test has, and its entries. */
export interface Schedule {
  readonly app: string;
  /** The store's clock. */
  readonly now: () => Promise<number>;
  readonly change: (...changes: readonly EntryChange[]) => Promise<readonly boolean[]>;
  /** All that is kept, by name. */
  readonly all: () => Promise<readonly StoredEntry[]>;
  /** The names of what is due within so many seconds. */
  readonly dueNames: (within?: number) => Promise<readonly string[]>;
}

/** A store under test, and the schedule of an application in it. */
export type OpenSchedule = ScheduleStoreHarness & Schedule;

/** Starts a store, and opens a schedule in it that no other test has. */
export async function openSchedule(start: StartScheduleStore): Promise<OpenSchedule> {
  const harness = await start();
  return { ...harness, ...scheduleIn(harness.store) };
}

/** Opens the schedule of an application; one of its own when none is named. */
export function scheduleIn(store: ScheduleStore, app: string = newId()): Schedule {
  return {
    app,
    now: async () => (await store.entries({ app, names: [] })).now,
    change: async (...changes) => (await store.change({ app, changes })).applied,
    all: async () => (await store.entries({ app })).entries,
    async dueNames(within = 0) {
      const { entries } = await store.due({ app, within, limit: 1000 });
      return entries.map(({ name }) => name);
    },
  };
}

/** An entry with a version of its own, and one thing that a test is about. */
export function entryOf(name: string, about: Partial<StoredEntry> = {}): StoredEntry {
  return { name, version: newId(), text: `{"entry":"${name}"}`, ...about };
}

/** Adds an entry that is not there yet. */
export function adding({ name, ...entry }: StoredEntry): EntryChange {
  return { name, entry };
}

/** Puts an entry in the place of the one that was read. */
export function replacing({ version: expected }: Pick<StoredEntry, "version">, by: StoredEntry): EntryChange {
  return { ...adding(by), expected };
}

/** Removes an entry as it was read. */
export function removing({ name, version: expected }: StoredEntry): EntryChange {
  return { name, expected };
}

/** Makes changes in as many calls as the store needs for their size; what became of them, in order. */
export async function changeMany(
  store: ScheduleStore,
  app: string,
  changes: readonly EntryChange[],
): Promise<readonly boolean[]> {
  const applied: Changed["applied"][] = [];
  for (const part of partsOf(changes, (store.maxRequestSize ?? Infinity) - 1000)) {
    applied.push((await store.change({ app, changes: part })).applied);
  }
  return applied.flat();
}

function partsOf(changes: readonly EntryChange[], limit: number): readonly EntryChange[][] {
  const parts: EntryChange[][] = [[]];
  let size = 0;
  for (const change of changes) {
    const own = new TextEncoder().encode(JSON.stringify(change)).length + 1;
    size += own;
    if (size > limit) {
      parts.push([]);
      size = own;
    }
    parts.at(-1)?.push(change);
  }
  return parts;
}
