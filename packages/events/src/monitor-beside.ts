/**
 * Where an application's events come by.
 *
 * @module
 */

import { type CallingApplication, firstBeside, needBackend } from "@umbel/core";
import { type CallerBackend, ImproperlyConfigured, type MonitorStore } from "@umbel/protocol";

/** What of a store events are received from. */
export type EventStore = Pick<MonitorStore, "past" | "live">;

/** Finds the place for events beside a backend; undefined beside one of an adapter that it does not know. */
export type MonitorBeside = (backend: CallerBackend) => EventStore | undefined;

/** Where events come by. */
export interface MonitorOptions {
  /** A place of one's own. */
  readonly store?: EventStore;
  /** When none is given: those that know the place beside the application's backend, asked in turn. `umbel/events` gives ours. */
  readonly stores?: readonly MonitorBeside[];
}

/**
 * The place of an application's events: the one that is given, else the one beside its backend. Throws `NotSupportedError`
 * without a backend, and `ImproperlyConfigured` beside one that has no such place.
 */
export function monitorOf(
  app: Pick<CallingApplication, "name" | "hasBackend" | "backend">,
  { store, stores = [] }: MonitorOptions,
): EventStore {
  if (store !== undefined) return store;
  needBackend(app, "Receiving events");
  const { backend } = app;
  const found = firstBeside(stores, backend);
  if (found !== undefined) return found;
  throw new ImproperlyConfigured(
    `There is no place for events beside the backend "${backend.name}" of the application "${app.name}": ` +
      "give it one, events(app, { store }), or take events from umbel/events, which knows those of umbel/upstash and umbel/memory",
  );
}
