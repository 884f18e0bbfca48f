/**
 * What an operator's questions and changes go to: the store beside an application's backend, the desk beside its broker.
 *
 * @module
 */

import { type CallingApplication, firstBeside, needBackend, type Umbel } from "@umbel/core";
import {
  type BrokerDesk,
  type CallerBackend,
  type CallerBroker,
  ImproperlyConfigured,
  type MonitorStore,
  NotSupportedError,
} from "@umbel/protocol";

/** Finds what is watched beside a backend; undefined beside one of an adapter that it does not know. */
export type StoreBeside = (backend: CallerBackend) => MonitorStore | undefined;

/** Finds the desk beside a broker; undefined beside one of an adapter that it does not know. */
export type DeskBeside = (broker: CallerBroker) => BrokerDesk | undefined;

/** Where the answers come from. */
export interface ControlOptions {
  /** A store of one's own. */
  readonly store?: MonitorStore;
  /** When none is given: those that know what is watched beside the backend, asked in turn. `umbel/control` gives ours. */
  readonly stores?: readonly StoreBeside[];
  /** A desk of one's own. */
  readonly desk?: BrokerDesk;
  /** When none is given: those that know the desk beside the broker, asked in turn. `umbel/control` gives ours. */
  readonly desks?: readonly DeskBeside[];
}

/** An application that is controlled: all of it is about its store and its broker. */
export type ControlledApplication = CallingApplication & Pick<Umbel, "environment" | "sendTask">;

/** What every question and change closes over. Both are found when they are first needed: an application connects late. */
export interface Desk {
  readonly app: ControlledApplication;
  /** Throws `NotSupportedError` without a backend, `ImproperlyConfigured` beside one that has no such place. */
  readonly store: () => MonitorStore;
  /** Throws `NotSupportedError` beside a broker that shows its messages to nobody. */
  readonly broker: () => BrokerDesk;
  /** The same, or undefined. */
  readonly brokerIfAny: () => BrokerDesk | undefined;
}

/** Makes a desk. */
export function deskOf(app: ControlledApplication, options: ControlOptions): Desk {
  return {
    app,
    store: () => storeOf(app, options),
    broker: () => brokerDeskOf(app, options) ?? noDesk(app),
    brokerIfAny: () => brokerDeskOf(app, options),
  };
}

function storeOf(app: ControlledApplication, { store, stores = [] }: ControlOptions): MonitorStore {
  needBackend(app, "Control");
  if (store !== undefined) return store;
  const found = firstBeside(stores, app.backend);
  if (found !== undefined) return found;
  throw new ImproperlyConfigured(
    `Control knows no way to see what the backend "${app.backend.name}" of the application "${app.name}" holds: ` +
      "give it one, control(app, { store }), or take control from umbel/control, which knows those of umbel/upstash and umbel/memory",
  );
}

function brokerDeskOf(app: ControlledApplication, { desk, desks = [] }: ControlOptions): BrokerDesk | undefined {
  return desk ?? firstBeside(desks, app.broker);
}

function noDesk({ name, broker }: ControlledApplication): never {
  throw new NotSupportedError(
    `The broker "${broker.name}" of the application "${name}" does not show its messages: ` +
      "give control one that does, control(app, { desk }), or take control from umbel/control, which knows those of umbel/qstash and umbel/memory",
  );
}
