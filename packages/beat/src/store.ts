/**
 * Where the entries of an application's schedules are kept.
 *
 * @module
 */

import { type CallingApplication, firstBeside, needBackend } from "@umbel/core";
import { type CallerBackend, ImproperlyConfigured, type ScheduleStore } from "@umbel/protocol";

/** Finds the place for entries beside a backend; undefined beside one of an adapter that it does not know. */
export type StoreBeside = (backend: CallerBackend) => ScheduleStore | undefined;

/** Where entries are kept. */
export interface StoreOptions {
  /** A place of one's own: a database, say. What `beat` was given holds in its process for whoever gives none. */
  readonly store?: ScheduleStore;
  /** When none is given: those that know the place beside the application's backend, asked in turn. `umbel/beat` gives ours. */
  readonly stores?: readonly StoreBeside[];
}

const ownStores = new WeakMap<object, ScheduleStore>();

/** Has all entries of the application be looked for there, by whoever is told of no other place. The last one holds. */
export function keepIn(app: object, store: ScheduleStore): void {
  ownStores.set(app, store);
}

/**
 * The store of an application's entries: the one that is given, else the one that beat was given, else the one beside its
 * backend. Throws `NotSupportedError` without a backend, which a run's claim needs wherever its entry is kept, and
 * `ImproperlyConfigured` beside a backend that has no such place.
 */
export function storeOf(
  app: Pick<CallingApplication, "name" | "hasBackend" | "backend">,
  { store = ownStores.get(app), stores = [] }: StoreOptions,
): ScheduleStore {
  needBackend(app, "beat");
  if (store !== undefined) return store;
  const { backend } = app;
  const found = firstBeside(stores, backend);
  if (found !== undefined) return found;
  throw new ImproperlyConfigured(
    `Beat knows no place for its entries beside the backend "${backend.name}" of the application "${app.name}": ` +
      "give it one, beat(app, entries, { store }), or take beat from umbel/beat, which knows those of umbel/upstash and umbel/memory",
  );
}
