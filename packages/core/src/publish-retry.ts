/**
 * How often a publish call that was refused for now is repeated, and after what pauses.
 *
 * @module
 */

import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import { checkNames } from "./known-names.ts";
import type { Settings } from "./settings.ts";

/** Celery's `retry_policy`; what is not given is as in Celery. */
export interface PublishRetryPolicy {
  /** Repetitions; null: without end. Default 3. */
  readonly maxRetries?: number | null;
  /** Pause before the first. Default 0. */
  readonly intervalStart?: Duration;
  /** So much longer is each pause than the one before it. Default 0.2 s. */
  readonly intervalStep?: Duration;
  /** Longest pause. Default 1 s. */
  readonly intervalMax?: Duration;
}

/** What one call says of it: whether, and how. */
export interface PublishRetry {
  readonly retry?: boolean | undefined;
  readonly retryPolicy?: PublishRetryPolicy | undefined;
}

/** A policy in numbers: Infinity for no end, seconds. */
interface Pauses {
  readonly maxRetries: number;
  readonly start: number;
  readonly step: number;
  readonly max: number;
}

/** The pause in seconds before a publish call is repeated for the nth time, from 1 on; undefined: it is not. */
export function pauseBefore(nth: number, conf: Settings, call: PublishRetry = {}): number | undefined {
  if (!(call.retry ?? conf.taskPublishRetry)) return undefined;
  const { maxRetries, start, step, max } = pausesOf({ ...conf.taskPublishRetryPolicy, ...call.retryPolicy });
  return nth > maxRetries ? undefined : Math.min(max, start + step * (nth - 1));
}

function pausesOf(policy: PublishRetryPolicy): Pauses {
  const { maxRetries = 3, intervalStart = 0, intervalStep = 0.2, intervalMax = 1 } = policy;
  return {
    maxRetries: maxRetries ?? Infinity,
    start: secondsOf(intervalStart),
    step: secondsOf(intervalStep),
    max: secondsOf(intervalMax),
  };
}

const policyNames = Object.keys({
  maxRetries: true,
  intervalStart: true,
  intervalStep: true,
  intervalMax: true,
} satisfies Record<keyof PublishRetryPolicy, true>);

/** Throws `ImproperlyConfigured` for a policy that makes no sense; `where` is what was given it. */
export function checkPublishRetryPolicy(where: string, policy: PublishRetryPolicy): void {
  checkNames(policy, policyNames, `part of ${where}`);
  const { maxRetries = 3 } = policy;
  if (maxRetries !== null && !(Number.isInteger(maxRetries) && maxRetries >= 0)) {
    throw new ImproperlyConfigured(
      `${where}: maxRetries is ${maxRetries}: give a whole number from 0 on, or null for no end`,
    );
  }
  const { start, step, max } = pausesOf(policy);
  if (Math.min(start, step, max) < 0) throw new ImproperlyConfigured(`${where}: a pause is shorter than nothing`);
}
