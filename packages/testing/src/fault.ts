/**
 * What can go wrong, as data: with which chance, or exactly where; and what did.
 *
 * Only the worker's doings are struck: its calls of the ports, and the pushes to it. A test's own calls (`delay()`,
 * `get()`) are its own, unless it strikes them by `kit.before` and `kit.after`, or takes the store away from everyone.
 *
 * @module
 */

import type { PortCall, PortMethod } from "./port-method.ts";

/** What can happen to a push on its way to the worker. */
export type DeliveryFault =
  /** It never arrives; the broker delivers again by its backoff. */
  | "drop"
  /** It arrives twice, at once or some time later. */
  | "duplicate"
  /** It arrives late; when it is later than the broker's patience, after the broker has sent it again. */
  | "delay"
  /** One that is due later goes before it. */
  | "reorder";

/** What can happen at a call that a worker, or what else runs as a process, makes of the broker or of the store. */
export type CallFault =
  /** The call is done, and its caller is told that the port could not be reached. */
  | "loseAnswer"
  /** The call is done, its answer is lost, and the client library does the same call again by itself. */
  | "resend"
  /** The worker's process dies before the call. */
  | "crashBefore"
  /** The worker's process dies after the call was done, before it has the answer. */
  | "crashAfter"
  /** The worker freezes until its lease has died and another one has taken over; then it goes on. */
  | "leaseDeath"
  /** The store is away from this call on, for some time. */
  | "outage";

/** Any fault by its name. */
export type FaultName = DeliveryFault | CallFault;

/** The names of the faults of deliveries. */
export const deliveryFaults: readonly DeliveryFault[] = ["drop", "duplicate", "delay", "reorder"];

/** The names of the faults of calls. */
export const callFaults: readonly CallFault[] = [
  "loseAnswer",
  "resend",
  "crashBefore",
  "crashAfter",
  "leaseDeath",
  "outage",
];

/** A probability, from 0 to 1, of each fault at each place where it can happen; 0 for those that are not named. */
export type Chances = Readonly<Partial<Record<FaultName, number>>>;

/** A fault of the nth push of all, from 0. */
export interface AimedDelivery {
  readonly fault: DeliveryFault;
  readonly delivery: number;
  /** How late a delayed push, or a second one, comes; drawn when absent. */
  readonly seconds?: number;
  /** Which of the other pushes that are due goes before a reordered one, counted from 0; drawn when absent. */
  readonly other?: number;
}

/** A fault at the nth call of one kind that workers make, from 0. */
export interface AimedCall {
  readonly fault: CallFault;
  readonly call: PortCall;
  readonly nth: number;
  /** How long an outage lasts; drawn when absent. */
  readonly seconds?: number;
}

/** One fault in one place. */
export type AimedFault = AimedDelivery | AimedCall;

/** What a test did to a worker by hand: `kit.crash()`, or an act of `kit.before` or `kit.after` that threw. */
export type HandFault =
  | { readonly fault: "crash" }
  | { readonly fault: "before" | "after"; readonly method: PortMethod };

/**
 * What goes wrong: chances, or a list of what goes wrong where. What was done by hand has no effect in a list: the test that
 * did it does it again.
 */
export type Faults = Chances | readonly (AimedFault | HandFault)[];

/** A fault that happened. A list of them, given to another kit with the same seed as `faults`, happens again. */
export type FiredFault = (AimedFault | HandFault) & FiredAt;

/** Where and when a fault happened. */
export interface FiredAt {
  /** The task of the push, or of the worker that made the call. */
  readonly taskId: string;
  /** Its name. */
  readonly task: string;
  /** How often the attempt had been retried that the push, or the worker, was about. */
  readonly retries: number;
  /** Milliseconds since 1970, on the kit's clock. */
  readonly at: number;
  /** How many calls and pushes there were before: see `TestKit.steps`. */
  readonly step: number;
  /** Whether the worker that it struck may have begun the task's body, and had not stored its end. */
  readonly running: boolean;
  /** Which of the worker's processes it struck, counted as they begin; absent for a push that struck none. */
  readonly life?: number;
  /** A call that failed because the store was away already: it follows from another fault. */
  readonly follows?: true;
}
