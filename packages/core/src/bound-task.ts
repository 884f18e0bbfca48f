/**
 * What a bound task's body gets as its first argument: the call it runs for, and ways to steer it.
 *
 * @module
 */

import type { Duration } from "@umbel/protocol";
import type { Logger } from "./log.ts";
import type { TaskRequest } from "./request.ts";
import type { Signature } from "./signature.ts";
import type { CallOptions } from "./task-options.ts";

/** How a retry by hand differs from the task's own policy. */
export interface RetryCall {
  /** Wait before the next attempt; the task's `defaultRetryDelay` when neither this nor `eta` is given. */
  readonly countdown?: Duration;
  readonly eta?: Date;
  /** In place of the task's `maxRetries`, for this retry. */
  readonly maxRetries?: number | null;
  /** What failed: shown while the task waits, and the cause of what is thrown when no retry is left. */
  readonly cause?: unknown;
  /** The same, and itself what is thrown when no retry is left. */
  readonly exc?: unknown;
}

/** The running call, for its body. */
export interface BoundTask {
  readonly name: string;
  readonly request: TaskRequest;
  /** Lines with this task's name and id. */
  readonly log: Logger;
  /** Aborts at the soft limit (SoftTimeLimitExceeded), on termination, and when the attempt is no longer ours. */
  readonly signal: AbortSignal;
  /**
   * Ends this attempt and sends another one, with the same id, queue, priority and absolute expiry. Never returns.
   * With no retry left throws `exc`, or `MaxRetriesExceededError`.
   */
  readonly retry: (options?: RetryCall) => never;
  /** Ends the task without a value: what follows it is revoked, a chord goes on with null. Never returns. */
  readonly ignore: (reason?: string) => never;
  /** Ends the task as one that nobody wants; with `requeue` delivers it once more. Never returns. */
  readonly reject: (reason?: string, options?: { readonly requeue?: boolean }) => never;
  /** Sends a signature as this call's child: the same child when this attempt is run again after a crash. */
  delay<In extends readonly unknown[], Out, Handle, Fed>(
    signature: Signature<In, Out, Handle, Fed>,
    ...args: In
  ): Promise<Handle>;
  /** {@link delay} with options. */
  applyAsync<In extends readonly unknown[], Out, Handle, Fed>(
    signature: Signature<In, Out, Handle, Fed>,
    args: In,
    options?: CallOptions,
  ): Promise<Handle>;
  /**
   * Stores a state of the task's own for readers, with any JSON beside it. False when nobody can see it: the attempt is no
   * longer ours, or the body was called on the spot.
   */
  updateState(update: { readonly state: string; readonly meta?: unknown }): Promise<boolean>;
}
