/**
 * What a kit can be asked for.
 *
 * @module
 */

import type { LogSink } from "@umbel/core";
import { checkFaults } from "./check-faults.ts";
import { fieldOf } from "./errand.ts";
import type { Faults } from "./fault.ts";
import { amount, atLeastOne, callable, checkRules, count, fields, type Rule, type Rules, whole } from "./rules.ts";

/** Options of `testKit`. */
export interface TestKitOptions {
  /** What all chance comes from: a whole number. When absent it is drawn, and printed once something depends on it. */
  readonly seed?: number;
  /** What goes wrong: chances, or a list of what goes wrong where. Nothing when absent. */
  readonly faults?: Faults;
  /** Where the clock stands at first: milliseconds since 1970, or a date. 2026-01-01T00:00:00Z when absent. */
  readonly start?: number | string;
  /** How often the broker repeats a failed push; 30 times when absent. */
  readonly brokerRetries?: number;
  /**
   * How many pushes the worker takes at once. With 1 (the default) they go one after another, in order; with more, whose
   * call of a port comes next is drawn.
   */
  readonly concurrency?: number;
  /** What the worker serves, where it is more than `worker(app)`: a Hono app of yours, for example. */
  readonly endpoint?: Endpoint;
  /** Dice of the application (the jitter of its retries); from the seed when absent. */
  readonly random?: () => number;
  /** Gets the log lines, beside `TestKit.lines`. */
  readonly log?: LogSink;
  /**
   * Real milliseconds for which the clock waits, before it moves, for a body that waits for something outside of the kit
   * (a file, a socket, a timer); 100 when absent.
   */
  readonly patience?: number;
  /** What the broker and the store refuse as too large. */
  readonly limits?: KitLimits;
}

/** Most bytes; what is larger is a `MessageTooLargeError`. And the longest delay. */
export interface KitLimits {
  /** Seconds for which the broker holds a message back; the broker's trait of this name. Any number when absent. */
  readonly maxDelay?: number;
  /** Of one message; the broker's trait of this name. A million when absent. */
  readonly maxMessageSize?: number;
  /** Of one request to the store: an end with what follows from it, say. Any number when absent. */
  readonly maxRequestSize?: number;
}

/** Those that stay as they are where a check draws the others. */
export type FurtherKitOptions = Omit<TestKitOptions, "concurrency" | "faults" | "seed">;

/** Takes requests, as a Hono app does. */
export interface Endpoint {
  /** `context` keeps the process going after the answer, and dies with it. */
  fetch(request: Request, environment?: object, context?: KeepingContext): Response | Promise<Response>;
}

/** What Hono takes for an execution context. */
export interface KeepingContext {
  waitUntil(work: Promise<unknown>): void;
  passThroughOnException(): void;
  /** Nothing: only Cloudflare has it. */
  readonly props: object;
}

/** Throws `ImproperlyConfigured` for an option that there is not, or that means nothing. */
export function checkKitOptions(options: TestKitOptions): void {
  checkRules(options, kitRules, "option of testKit");
  checkRules(options.limits ?? {}, limitRules, "limit of testKit");
  checkFaults(options.faults ?? []);
}

const instant: Rule = {
  must: "milliseconds since 1970, or a date",
  is: (value) => (typeof value === "number" || typeof value === "string") && !Number.isNaN(new Date(value).getTime()),
};

/** What each of the further options must be. */
export const furtherRules: Rules<FurtherKitOptions> = {
  start: instant,
  brokerRetries: count,
  endpoint: { must: "what has a method fetch", is: (value) => callable.is(fieldOf(value, "fetch")) },
  random: callable,
  log: callable,
  patience: amount,
  limits: fields,
};

const kitRules: Rules<TestKitOptions> = {
  seed: whole,
  faults: fields,
  concurrency: atLeastOne,
  ...furtherRules,
};

const limitRules = {
  maxDelay: atLeastOne,
  maxMessageSize: atLeastOne,
  maxRequestSize: atLeastOne,
} satisfies Rules<KitLimits>;
