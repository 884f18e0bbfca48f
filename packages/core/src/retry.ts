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
  const { max = 3, delay = 180, backoff = false, cap = 600, jitter = true, ...errors } = rulesOf(options);
  return {
    maxRetries: checkedMax(max),
    defaultDelay: secondsOf(delay),
    for: errors.for ?? [],
    not: errors.not ?? [],
    factor: factorOf(backoff),
    cap: secondsOf(cap),
    jitter,
  };
}

function checkedMax(max: number | null): number | null {
  if (max === null || (Number.isInteger(max) && max >= 0)) return max;
  throw new ImproperlyConfigured(`So many retries cannot be made: ${max}. Give a whole number, or null for no end`);
}

/** Celery's names for the parts of a policy. */
const celeryNames = {
  maxRetries: "max",
  defaultRetryDelay: "delay",
  autoretryFor: "for",
  dontAutoretryFor: "not",
  retryBackoff: "backoff",
  retryBackoffMax: "cap",
  retryJitter: "jitter",
} as const satisfies Record<Exclude<keyof RetryOptions, "retry">, keyof RetryRules>;

function rulesOf({ retry, ...options }: RetryOptions): RetryRules {
  const given = Object.entries(celeryNames).filter(([name]) => Reflect.get(options, name) !== undefined);
  if (retry === undefined) return Object.fromEntries(given.map(([name, rule]) => [rule, Reflect.get(options, name)]));
  checkNames(retry, Object.values(celeryNames), "rule of `retry`");
  const [twice] = given;
  if (twice === undefined) return retry;
  throw new ImproperlyConfigured(`"${twice[0]}" is given beside "retry": write it as retry.${twice[1]}`);
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
