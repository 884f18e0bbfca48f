/**
 * When a failed attempt is tried again: one policy for `task.retry()` and for `autoretryFor`.
 *
 * @module
 */

import { type Duration, secondsOf } from "@umbel/protocol";

/** A class of errors, as `autoretryFor` takes it. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** How a task is retried; defaults are Celery's. */
export interface RetryOptions {
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

/** Fills in what is not set. Throws `ImproperlyConfigured` for a wait that is no duration. */
export function retryPolicy(options: RetryOptions): RetryPolicy {
  const { maxRetries = 3, autoretryFor = [], dontAutoretryFor = [], retryJitter = true } = options;
  return {
    maxRetries,
    defaultDelay: secondsOf(options.defaultRetryDelay ?? 180),
    for: autoretryFor,
    not: dontAutoretryFor,
    factor: factorOf(options.retryBackoff ?? false),
    cap: secondsOf(options.retryBackoffMax ?? 600),
    jitter: retryJitter,
  };
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
