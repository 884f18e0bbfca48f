/**
 * The keys that a request works with: each is read once, and what has changed is written once.
 *
 * A call of a script touches the same two keys a dozen times.
 *
 * @module
 */

import type { KeyRows } from "./key-rows.ts";
import type { Entry } from "./keyspace.ts";

/** The keys that are known, and which of them are to be stored. */
export interface WorkingSet {
  /** The key of this name; one that has expired goes. */
  find(name: Buffer): Entry | undefined;
  /** What is known of a key now. */
  latest(entry: Entry): Entry;
  /** Takes a key as it now is; `save` stores it. */
  set(entry: Entry): Entry;
  /** The key with the id of its row, which is written if it is not there, so that rows of other tables can belong to it. */
  stored(entry: Entry): Entry;
  remove(entry: Entry): void;
  save(): void;
  forget(): void;
  /** Runs `work` and saves; when it throws, what is known and not saved is forgotten: save before. */
  part<T>(work: () => T): T;
}

/** Creates an empty set; `now` is in milliseconds since 1970. */
export function createWorkingSet(rows: KeyRows, now: () => number): WorkingSet {
  const state: State = { rows, known: new Map(), changed: new Map() };
  return {
    find: (name) => find(state, name, now()),
    latest: (entry) => latest(state, entry),
    set: (entry) => set(state, entry),
    stored(entry) {
      const current = latest(state, entry);
      return current.id === 0 ? (write(state, keyOf(entry.name)) ?? current) : current;
    },
    remove: (entry) => remove(state, entry),
    save: () => save(state),
    forget: () => forget(state),
    part(work) {
      try {
        const value = work();
        save(state);
        return value;
      } catch (error) {
        forget(state);
        throw error;
      }
    },
  };
}

interface State {
  readonly rows: KeyRows;
  /** By the bytes of the name; null is known not to be there. */
  readonly known: Map<string, Entry | null>;
  /** What is to be stored, and whether its value is, which may be long. */
  readonly changed: Map<string, boolean>;
}

function find(state: State, name: Buffer, now: number): Entry | undefined {
  const { rows, known } = state;
  const key = keyOf(name);
  const entry = known.has(key) ? known.get(key) : rows.find(name);
  known.set(key, entry ?? null);
  if (!entry) return undefined;
  if (entry.expires === undefined || entry.expires > now) return entry;
  remove(state, entry);
  return undefined;
}

function latest({ known }: State, entry: Entry): Entry {
  return known.get(keyOf(entry.name)) ?? entry;
}

function set({ known, changed }: State, entry: Entry): Entry {
  const key = keyOf(entry.name);
  const isOtherValue = known.get(key)?.value !== entry.value;
  known.set(key, entry);
  changed.set(key, isOtherValue || (changed.get(key) ?? false));
  return entry;
}

function write({ rows, known, changed }: State, key: string): Entry | undefined {
  const entry = known.get(key);
  const hasOtherValue = changed.get(key) ?? false;
  changed.delete(key);
  if (!entry) return undefined;
  if (entry.id === 0) {
    const stored = { ...entry, id: rows.insert(entry) };
    known.set(key, stored);
    return stored;
  }
  if (hasOtherValue) rows.update(entry);
  else rows.touch(entry);
  return entry;
}

function remove(state: State, entry: Entry): void {
  const { rows, known, changed } = state;
  const { id } = latest(state, entry);
  if (id !== 0) rows.remove(id);
  known.set(keyOf(entry.name), null);
  changed.delete(keyOf(entry.name));
}

function save(state: State): void {
  for (const key of state.changed.keys()) write(state, key);
}

function forget({ known, changed }: State): void {
  known.clear();
  changed.clear();
}

function keyOf(name: Buffer): string {
  return name.toString("latin1");
}
