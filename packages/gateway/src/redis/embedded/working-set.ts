/**
 * The keys that a request works with: each is read once, and what has changed is written once.
 *
 * A call of a script touches the same keys a dozen times, and all calls of a request touch some keys in common.
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
  /** Runs `work`; when it throws, all is known as it was before, and what was to be saved then still is. Not within another. */
  part<T>(work: () => T): T;
}

/** Creates an empty set; `now` is in milliseconds since 1970. */
export function createWorkingSet(rows: KeyRows, now: () => number): WorkingSet {
  const state: State = { rows, known: new Map(), changed: new Map(), before: undefined };
  return {
    find: (name) => find(state, name, now()),
    latest: (entry) => latest(state, entry),
    set: (entry) => set(state, entry),
    stored(entry) {
      const current = latest(state, entry);
      return current.id === 0 ? (write(state, entry.name) ?? current) : current;
    },
    remove: (entry) => remove(state, entry),
    save: () => save(state),
    forget: () => forget(state),
    part: (work) => part(state, work),
  };
}

interface State {
  readonly rows: KeyRows;
  /** By name; null is known not to be there. */
  readonly known: Map<string, Entry | null>;
  /** What is to be stored, and whether its value is, which may be long. */
  readonly changed: Map<string, boolean>;
  /** While a part runs: of each key that it has touched, what stood in the two before. */
  before: Map<string, Touched> | undefined;
}

interface Touched {
  readonly known: Entry | null | undefined;
  readonly changed: boolean | undefined;
}

function part<T>(state: State, work: () => T): T {
  const before = new Map<string, Touched>();
  state.before = before;
  try {
    return work();
  } catch (error) {
    for (const [key, touched] of before) {
      put(state.known, key, touched.known);
      put(state.changed, key, touched.changed);
    }
    throw error;
  } finally {
    state.before = undefined;
  }
}

function put<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** To be called before anything of a key is changed here. */
function remember({ known, changed, before }: State, key: string): void {
  if (before === undefined || before.has(key)) return;
  before.set(key, { known: known.get(key), changed: changed.get(key) });
}

function find(state: State, name: Buffer, now: number): Entry | undefined {
  const entry = lookUp(state, nameOf(name));
  if (!entry) return undefined;
  if (entry.expires === undefined || entry.expires > now) return entry;
  remove(state, entry);
  return undefined;
}

function lookUp(state: State, name: string): Entry | null {
  const before = state.known.get(name);
  if (before !== undefined) return before;
  remember(state, name);
  const found = state.rows.find(name) ?? null;
  state.known.set(name, found);
  return found;
}

function latest({ known }: State, entry: Entry): Entry {
  return known.get(entry.name) ?? entry;
}

function set(state: State, entry: Entry): Entry {
  const { known, changed } = state;
  const key = entry.name;
  remember(state, key);
  const isOtherValue = known.get(key)?.value !== entry.value;
  known.set(key, entry);
  changed.set(key, isOtherValue || (changed.get(key) ?? false));
  return entry;
}

function write(state: State, key: string): Entry | undefined {
  const { rows, known, changed } = state;
  remember(state, key);
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
  const key = entry.name;
  remember(state, key);
  if (id !== 0) rows.remove(id);
  known.set(key, null);
  changed.delete(key);
}

function save(state: State): void {
  for (const key of state.changed.keys()) write(state, key);
}

function forget(state: State): void {
  const { known, changed } = state;
  for (const key of known.keys()) remember(state, key);
  known.clear();
  changed.clear();
}

/** What {@link Entry} has of a name. */
export function nameOf(bytes: Buffer): string {
  return bytes.toString("latin1");
}
