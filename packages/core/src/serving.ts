/**
 * An application as a worker serves it: with ports that are whole.
 *
 * An adapter may keep apart what only workers need of it, so that the bundle of a program which only sends calls has none
 * of it. Whoever serves then brings the other half along.
 *
 * @module
 */

import {
  type Backend,
  type Broker,
  type CallerBackend,
  type CallerBroker,
  ImproperlyConfigured,
  SignatureError,
} from "@umbel/protocol";
import type { Application, CallingApplication } from "./application.ts";
import { unclaimed } from "./unclaimed.ts";

/** Makes a caller's port whole; undefined for one of an adapter that it does not know. */
export type Whole<CallerPort, Port extends CallerPort> = (port: CallerPort) => Port | undefined;

/** The other halves of adapters: each makes the ports of its own adapter whole. */
export interface OtherHalves {
  readonly brokers: readonly Whole<CallerBroker, Broker>[];
  readonly backends: readonly Whole<CallerBackend, Backend>[];
}

/**
 * The application with whole ports. They are made so when they are first asked for, for then an application is connected.
 * Reading one throws `ImproperlyConfigured` when it has no other half here.
 */
export function serving(app: CallingApplication, { brokers, backends }: Partial<OtherHalves> = {}): Application {
  const brokerOf = remembered((port: CallerBroker) => wholeBroker(port, brokers));
  const backendOf = remembered((port: CallerBackend) => (isBackend(port) ? port : firstOf(backends, port)));
  const nobody = unclaimed(app);
  return {
    name: app.name,
    conf: app.conf,
    signals: app.signals,
    tasks: app.tasks,
    get platform() {
      return app.platform;
    },
    get broker() {
      return brokerOf(app.broker);
    },
    get backend() {
      return app.hasBackend ? backendOf(app.backend) : nobody;
    },
    get hasBackend() {
      return app.hasBackend;
    },
    get oversight() {
      return app.oversight;
    },
    logger: (origin) => app.logger(origin),
  };
}

/** Throws `MissingSettingError` when a broker lacks the keys that pushes are verified with. `others` make it whole. */
export async function needSigningKeys(port: CallerBroker, others?: OtherHalves["brokers"]): Promise<void> {
  try {
    // They are needed by whoever verifies a push, be it one that is not signed.
    await wholeBroker(port, others).verify({ headers: {}, body: "", urls: [], isLocal: true });
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
  }
}

/** The broker, whole. Throws `ImproperlyConfigured` when it has no other half here. */
function wholeBroker(port: CallerBroker, others: OtherHalves["brokers"] = []): Broker {
  return isBroker(port) ? port : firstOf(others, port);
}

function isBroker(port: CallerBroker): port is Broker {
  return "verify" in port;
}

function isBackend(port: CallerBackend): port is Backend {
  return "claim" in port;
}

function firstOf<CallerPort extends { readonly name: string }, Port extends CallerPort>(
  wholes: readonly Whole<CallerPort, Port>[] = [],
  port: CallerPort,
): Port {
  for (const whole of wholes) {
    const made = whole(port);
    if (made !== undefined) return made;
  }
  throw new ImproperlyConfigured(
    `"${port.name}" is connected for callers only: serve with umbel/worker or umbel/beat, which bring its other half`,
  );
}

/** An application asks for its ports at every turn. */
function remembered<Port extends object, Made>(make: (port: Port) => Made): (port: Port) => Made {
  const made = new WeakMap<Port, Made>();
  return (port) => {
    const known = made.get(port) ?? make(port);
    made.set(port, known);
    return known;
  };
}
