/**
 * How often a publish call that was refused for now is repeated, and after what pauses.
 *
 * @module
 */

import { type Duration, secondsOf, type SignatureOptions } from "@umbel/protocol";
import { snake } from "./celery-name.ts";
import { givenIn } from "./given.ts";
import * as kinds from "./kinds.ts";
import { checkOptions, type KindsOf } from "./kinds.ts";
import type { Settings } from "./settings.ts";

/**
 * Celery's `retry_policy`. Its defaults bridge three seconds, so that a gateway may start again meanwhile; Celery's bridge
 * 0.6, over a connection that it opens anew by other rules.
 */
export interface PublishRetryPolicy {
  /** Repetitions; null: without end. Default 5. */
  readonly maxRetries?: number | null;
  /** Pause before the first. Default 0.2 s. */
  readonly intervalStart?: Duration;
  /** So much longer is each pause than the one before it. Default 0.2 s. */
  readonly intervalStep?: Duration;
  /** Longest pause. Default 1 s. */
  readonly intervalMax?: Duration;
}

/** A policy in numbers: Infinity for no end, seconds. */
interface Pauses {
  readonly maxRetries: number;
  readonly start: number;
  readonly step: number;
  readonly max: number;
}

/** What one call says of it, in Celery's form: whether, and how. */
export type PublishRetry = Pick<SignatureOptions, "retry" | "retry_policy">;

/**
 * The pause in seconds before a publish call is repeated for the nth time, from 1 on; undefined: it is not. What the call
 * says wins over the settings, each part of a policy for itself.
 */
export function pauseBefore(nth: number, conf: Settings, call: PublishRetry = {}): number | undefined {
  if (!(call.retry ?? conf.taskPublishRetry)) return undefined;
  const { maxRetries, start, step, max } = pausesOf({ ...conf.taskPublishRetryPolicy, ...policyOf(call) });
  return nth > maxRetries ? undefined : Math.min(max, start + step * (nth - 1));
}

function pausesOf(policy: PublishRetryPolicy): Pauses {
  const { maxRetries = 5, intervalStart = 0.2, intervalStep = 0.2, intervalMax = 1 } = policy;
  return {
    maxRetries: maxRetries ?? Infinity,
    start: secondsOf(intervalStart),
    step: secondsOf(intervalStep),
    max: secondsOf(intervalMax),
  };
}

/** What each part of a policy takes; Celery has the same names in its manner. */
const partKinds: KindsOf<PublishRetryPolicy> = {
  maxRetries: kinds.times,
  intervalStart: kinds.duration,
  intervalStep: kinds.duration,
  intervalMax: kinds.duration,
};

/** A call's policy in Celery's form: seconds. */
export function wirePolicy(policy: PublishRetryPolicy): Readonly<Record<string, number | null>> {
  const parts: readonly (readonly [string, Duration | null])[] = Object.entries(givenIn(policy));
  return Object.fromEntries(parts.map(([name, value]) => [snake(name), value === null ? null : secondsOf(value)]));
}

/** The same the other way round. */
function policyOf({ retry_policy: wire }: PublishRetry): PublishRetryPolicy {
  const parts = Object.keys(partKinds).map((name) => [name, wire?.[snake(name)]]);
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
}

/** Throws `ImproperlyConfigured` for a policy that makes no sense; `where` is what was given it. */
export function checkPublishRetryPolicy(where: string, policy: PublishRetryPolicy): void {
  checkOptions(policy, partKinds, { one: `part of ${where}`, of: ` of ${where}` });
}
