/**
 * When a failed attempt is tried again: one policy for `task.retry()` and for `autoretryFor`.
 *
 * @module
 */

import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import { checkNames } from "./known-names.ts";

/** A class of errors, as `autoretryFor` takes it. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** When a task is retried, and when not any more: in short words what Celery's options say. */
export interface RetryRules {
  /** Retries after the first attempt; null: without end. Default 3. */
  readonly max?: number | null;
  /** Wait before a retry, where there is no backoff. Default 180 s. */
  readonly delay?: Duration;
  /** Double the wait with each retry, from 1 s (true) or from so many seconds. */
  readonly backoff?: boolean | number;
  /** Longest wait of a backoff. Default 600 s. */
  readonly cap?: Duration;
  /** Draw the wait between 0 and the backoff. Default true. */
  readonly jitter?: boolean;
  /** Errors that are retried without being asked. */
  readonly for?: readonly ErrorClass[];
  /** Errors that are not, although `for` has a parent of theirs. */
  readonly not?: readonly ErrorClass[];
}

/** How a task is retried; defaults are Celery's. */
export interface RetryOptions {
  /** The policy in one; the other options here are Celery's names for its parts, and cannot be given beside it. */
  readonly retry?: RetryRules;
  /** Retries after the first attempt; null: without end. Default 3. */
  readonly maxRetries?: number | null;
  /** Wait before a retry when nothing else says. Default 180 s. */
  readonly defaultRetryDelay?: Duration;
  /** Errors that are retried without being asked. */
  readonly autoretryFor?: readonly ErrorClass[];
  /** Errors that are not, although `autoretryFor` has a parent of theirs. */
  readonly dontAutoretryFor?: readonly ErrorClass[];
  /** Double the wait with each retry, from 1 s (true) or from so many seconds. */
  readonly retryBackoff?: boolean | number;
  /** Longest wait of a backoff. Default 600 s. */
  readonly retryBackoffMax?: Duration;
  /** Draw the wait between 0 and the backoff. Default true. */
  readonly retryJitter?: boolean;
}

/** {@link RetryOptions} with the defaults filled in, in seconds. */
export interface RetryPolicy {
  readonly maxRetries: number | null;
  readonly defaultDelay: number;
  readonly for: readonly ErrorClass[];
  readonly not: readonly ErrorClass[];
  /** First wait of the backoff; 0 without one. */
  readonly factor: number;
  readonly cap: number;
  readonly jitter: boolean;
}

/**
 * Fills in what is not set. Throws `ImproperlyConfigured` for a wait that is no duration, a number of retries that is none,
 * and for a policy that is given in both ways at once.
 */
export function retryPolicy(options: RetryOptions): RetryPolicy {
  const { maxRetries = 3, autoretryFor = [], dontAutoretryFor = [], ...waits } = retryInParts(options);
  return {
    maxRetries,
    defaultDelay: secondsOf(waits.defaultRetryDelay ?? 180),
    for: autoretryFor,
    not: dontAutoretryFor,
    factor: factorOf(waits.retryBackoff ?? false),
    cap: secondsOf(waits.retryBackoffMax ?? 600),
    jitter: waits.retryJitter ?? true,
  };
}

/** Celery's names for the parts of a policy. */
const celeryNames = {
  max: "maxRetries",
  delay: "defaultRetryDelay",
  for: "autoretryFor",
  not: "dontAutoretryFor",
  backoff: "retryBackoff",
  cap: "retryBackoffMax",
  jitter: "retryJitter",
} as const satisfies Record<keyof RetryRules, keyof RetryOptions>;

/**
 * The options with their policy in parts, by Celery's names, so that whoever overrides options overrides each part by itself.
 * Throws `ImproperlyConfigured` for a policy that is given in both ways at once, and for a rule that there is not.
 */
export function retryInParts<Options extends RetryOptions>(options: Options): Omit<Options, "retry"> {
  const { retry, ...others } = options;
  if (retry === undefined) return others;
  if (typeof retry !== "object" || retry === null) throw new ImproperlyConfigured("retry: give an object of rules");
  checkNames(retry, Object.keys(celeryNames), "rule of `retry`");
  const names = Object.entries(celeryNames);
  const twice = names.find(([, name]) => Reflect.get(others, name) !== undefined);
  if (twice !== undefined) {
    throw new ImproperlyConfigured(`"${twice[1]}" is given beside "retry": write it as retry.${twice[0]}`);
  }
  const parts = names.map(([rule, name]): [string, unknown] => [name, Reflect.get(retry, rule)]);
  return { ...others, ...Object.fromEntries(parts.filter(([, value]) => value !== undefined)) };
}

/** Whether an error is retried without being asked. */
export function isRetried(policy: RetryPolicy, error: unknown): boolean {
  if (policy.not.some((each) => error instanceof each)) return false;
  return policy.for.some((each) => error instanceof each);
}

/** Whether a task that was retried so often may be retried once more. */
export function hasRetriesLeft(maxRetries: number | null, retries: number): boolean {
  return maxRetries === null || retries < maxRetries;
}

/**
 * Seconds to wait after `retries` earlier retries: `min(cap, factor * 2^retries)`, drawn from 0 to that when jittered;
 * the default delay where the policy has no backoff (celery/utils/time.py, get_exponential_backoff_interval).
 */
export function delayOf(policy: RetryPolicy, retries: number, random: () => number): number {
  if (policy.factor === 0) return policy.defaultDelay;
  const longest = Math.min(policy.cap, policy.factor * 2 ** retries);
  return policy.jitter ? Math.floor(random() * (longest + 1)) : longest;
}

/** Celery floors the factor, and takes nothing below one second. */
function factorOf(backoff: boolean | number): number {
  if (backoff === false || backoff === 0) return 0;
  return backoff === true ? 1 : Math.floor(Math.max(1, backoff));
}
