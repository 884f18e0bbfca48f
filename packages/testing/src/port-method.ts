/**
 * The methods of the ports, by name.
 *
 * @module
 */

import type { Backend, Broker, BrokerDesk, MonitorStore, ScheduleStore } from "@umbel/protocol";

/** A method that a test can do something at: one that takes time. What answers at once, or with a stream, is left alone. */
export type PortMethod = MethodOf<Broker | BrokerDesk | Backend | ScheduleStore | MonitorStore>;

/** A call that faults strike: what goes over the network. Pushes are verified in the worker, and only readers wait. */
export type PortCall = Exclude<PortMethod, "verify" | "wait">;

/** Of each port by itself. */
type MethodOf<Port> = Port extends unknown
  ? {
      [Name in keyof Port & string]-?: NonNullable<Port[Name]> extends (...args: never[]) => Promise<unknown>
        ? Name
        : never;
    }[keyof Port & string]
  : never;

/** Whether faults strike it. The compiler sees that this names every method of the ports, and no other. */
const isStruck = {
  accepted: true,
  active: true,
  bury: true,
  cancel: true,
  change: true,
  claim: true,
  counts: true,
  dead: true,
  direct: true,
  directives: true,
  discard: true,
  due: true,
  emit: true,
  entries: true,
  finish: true,
  forget: true,
  group: true,
  held: true,
  join: true,
  leave: true,
  load: true,
  loadAll: true,
  past: true,
  pin: true,
  progress: true,
  publish: true,
  read: true,
  records: true,
  renew: true,
  resend: true,
  revoke: true,
  revoked: true,
  save: true,
  saveAll: true,
  saveGroup: true,
  settle: true,
  workers: true,
  verify: false,
  wait: false,
} as const satisfies Readonly<Record<PortCall, true> & Record<Exclude<PortMethod, PortCall>, false>>;

/** The names of all. */
export const portMethods: readonly string[] = Object.keys(isStruck);

/** The names of those that faults strike. */
export const portCalls: readonly string[] = Object.entries(isStruck).flatMap(([name, struck]) =>
  struck ? [name] : [],
);

/** Whether a test can do something at what has this name. */
export function isPortMethod(name: string): name is PortMethod {
  return portMethods.includes(name);
}

/** Whether faults strike this method of a port. */
export function isPortCall(name: string): name is PortCall {
  return portCalls.includes(name);
}
