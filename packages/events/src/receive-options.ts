/**
 * What a receiver is given, looked at: the compiler has not seen what JavaScript says.
 *
 * @module
 */

import { checkKind, checkOptions, type Kind, type KindsOf, secondsIn } from "@umbel/core";
import { type Duration, ImproperlyConfigured, isKnownEvent, secondsOf, type UmbelError } from "@umbel/protocol";
import type { MonitorOptions } from "./monitor-beside.ts";
import type { State } from "./state.ts";

/** Options of `events()`. */
export interface EventsOptions extends MonitorOptions {
  /** The model that events are folded into; a new one when absent. */
  readonly state?: State;
  /** Milliseconds since 1970; the application's clock when absent. */
  readonly now?: () => number;
}

/** Which events are received, and until when. */
export interface ReceiveOptions {
  /** Ends it after so many events. All count, whether they have a handler or not. */
  readonly limit?: number;
  /** Ends it once nothing has come for so long. */
  readonly timeout?: Duration;
  /** Ends it; `AbortSignal.timeout(60_000)`, say, after a minute. */
  readonly signal?: AbortSignal;
  /** Begins in the past: at an instant by the store's clock, or so long ago. As far back as events are kept. */
  readonly since?: Date | Duration;
  /** Called once every event from then on will come. */
  readonly onReady?: () => void;
  /** Called when the store is lost, once until it answers again; a line in the log when absent. */
  readonly onLost?: (error: UmbelError) => void;
  /** Called when a store that was lost answers again. */
  readonly onFound?: () => void;
}

const list: Kind = [(value) => Array.isArray(value), "a list"];
const object: Kind = [(value) => typeof value === "object" && value !== null, "an object"];
const callable: Kind = [(value) => typeof value === "function", "a function"];
const time: Kind = [(value) => secondsIn(value) > 0, 'seconds above 0, or a text such as "10m"'];

const eventsKinds: KindsOf<EventsOptions> = {
  store: [(value) => typeof value === "object" && value !== null, "a place for events"],
  stores: list,
  state: object,
  now: callable,
};

const receiveKinds: KindsOf<ReceiveOptions> = {
  limit: [(value) => Number.isSafeInteger(value) && Number(value) > 0, "a whole number above 0"],
  timeout: time,
  signal: [(value) => value instanceof AbortSignal, "an AbortSignal"],
  since: [isSince, 'a Date, or how long ago: seconds, or a text such as "10m"'],
  onReady: callable,
  onLost: callable,
  onFound: callable,
};

/** Throws `ImproperlyConfigured` for an option of `events()` that there is not, or that takes another value. */
export function checkEventsOptions(options: EventsOptions): void {
  checkOptions(options, eventsKinds, { one: "option of events()", of: " of events()" });
}

/** The same of `capture()` and `iterate()`, whose name is given. */
export function checkReceiveOptions(options: ReceiveOptions, method: string): void {
  checkOptions(options, receiveKinds, { one: `option of ${method}`, of: ` of ${method}` });
}

/** Throws `ImproperlyConfigured` for handlers that are none, and for one under a type that is written in another way. */
export function checkHandlers(handlers: unknown): void {
  checkKind("handlers of capture()", object, handlers);
  for (const [type, handler] of Object.entries(Object(handlers))) {
    checkKind(`The handler of ${JSON.stringify(type)}`, callable, handler);
    const written = type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll("_", "-");
    if (written !== type && isKnownEvent({ type: written, hostname: "", timestamp: 0 })) {
      throw new ImproperlyConfigured(`There is no event "${type}": write "${written}"`);
    }
  }
}

/** Milliseconds since 1970 at which to begin. */
export function instantOf(since: Date | Duration, now: number): number {
  return since instanceof Date ? since.getTime() : now - secondsOf(since) * 1000;
}

function isSince(value: unknown): boolean {
  return value instanceof Date ? !Number.isNaN(value.getTime()) : secondsIn(value) >= 0;
}
