/**
 * What a bound task's body gets as its first argument: the call it runs for, and ways to steer it.
 *
 * @module
 */

import type { Duration } from "@umbel/protocol";
import type { Logger } from "./log.ts";
import type { Nameable, NamingOptions, NoKwargs, OptionsWith, Positional } from "./named.ts";
import type { TaskRequest } from "./request.ts";
import type { EventDetails } from "./send-event.ts";
import type { Signature } from "./signature.ts";
import type { CallOptions } from "./task-options.ts";

/** Options of a call that a retry may change. */
type Amendable = "kwargs" | "queue" | "priority" | "expires" | "timeLimit" | "softTimeLimit" | "shadow" | "headers";

/** Where the next attempt's call differs from this one's; what is not named stays as it is. */
export interface Amendments extends Pick<CallOptions, Amendable> {
  readonly args?: readonly unknown[];
}

/** How a retry by hand differs from the task's own policy. */
export interface RetryCall extends Amendments {
  /** Wait before the next attempt; the policy's (its backoff, else its delay) when neither this nor `eta` is given. */
  readonly countdown?: Duration;
  readonly eta?: Date;
  /** In place of the task's `maxRetries`, for this retry. */
  readonly maxRetries?: number | null;
  /** What failed: shown while the task waits, and the cause of what is thrown when no retry is left. */
  readonly cause?: unknown;
  /** The same, and itself what is thrown when no retry is left. */
  readonly exc?: unknown;
}

/** A signature that takes nothing more. */
export type ReadySignature<Out, Handle = unknown> = Signature<[], Out, Handle, never>;

/** A state of the task's own. */
export interface StateUpdate {
  /** In capitals, as Celery's are: `SENDING`. */
  readonly state: string;
  /** What readers find beside it. */
  readonly meta?: unknown;
}

/** The running call, for its body. */
export interface BoundTask {
  readonly name: string;
  /** Retries that the task's policy allows; null: without end. */
  readonly maxRetries: number | null;
  /** The call. Its `children` grow with what the body sends. */
  readonly request: TaskRequest;
  /** Lines with this task's name and id. */
  readonly log: Logger;
  /** Aborts at the soft limit (SoftTimeLimitExceeded), on termination, and when the attempt is no longer ours. */
  readonly signal: AbortSignal;
  /**
   * Ends this attempt and sends another one, with the same id, queue, priority and absolute expiry. Never returns: write
   * `throw task.retry(...)`, since the compiler only sees that of a variable whose type is written down.
   * With no retry left throws `exc`, or `MaxRetriesExceededError`; where the body was called on the spot, `exc` or `cause`.
   * Throws `EncodeError` for arguments that are no JSON, and what calling with such options throws.
   */
  readonly retry: (options?: RetryCall) => never;
  /** Ends the task without a value: what follows it is revoked, a chord goes on with null. Never returns: write `return task.ignore()`. */
  readonly ignore: (reason?: string) => never;
  /**
   * Ends the task as one that nobody wants: its message stays among the broker's dead letters. With `requeue` delivers it
   * once more, `maxRequeues` times at most. Never returns.
   */
  readonly reject: (reason?: string, options?: { readonly requeue?: boolean }) => never;
  /**
   * Ends this attempt; the signature takes the task's place, under the task's id, with all that was to follow it: its
   * callbacks and errbacks, the rest of its chain, its chord. A group's list becomes one value. Never returns: its type is
   * the signature's result, so that `return task.replace(...)` tells what the task returns in the end.
   * Throws `ImproperlyConfigured` for an empty chain and for a member of another chord.
   */
  readonly replace: <Out>(signature: ReadySignature<Out>) => Out;
  /**
   * Sends a signature as another member of the chord that the task is a member of; its result comes after those of the
   * header, in the list that the body gets. Await it. Throws `ValueError` for a task that is in no chord, and
   * `ImproperlyConfigured` for a `taskId` that the body, this task, or what it has added before in this attempt, has.
   */
  readonly addToChord: <Handle extends { readonly id: string }>(
    member: ReadySignature<unknown, Handle>,
  ) => Promise<Handle>;
  /** Sends a signature as this call's child: the same child when this attempt is run again after a crash. */
  delay<In extends readonly unknown[], Out, Handle, Fed>(
    signature: Signature<In, Out, Handle, Fed>,
    ...args: In
  ): Promise<Handle>;
  /** {@link delay} with options. */
  applyAsync<In extends readonly unknown[], Out, Handle, Fed, Named, Given = undefined>(
    signature: Signature<In, Out, Handle, Fed, Named>,
    args: Positional<In, Named, Given>,
    ...options: NoKwargs extends Named
      ? [options?: OptionsWith<Out, Nameable<Named, Given>>]
      : [options: NamingOptions<Out, Named>]
  ): Promise<Handle>;
  /**
   * Stores a state of the task's own for readers, with any JSON beside it; beside FAILURE, RETRY and REVOKED an error. False
   * when nobody can see it: the task has ended, the attempt is no longer ours, the store cannot be reached, or the body was
   * called on the spot.
   * Throws `ImproperlyConfigured` for what cannot be a state, `EncodeError` for what is no JSON.
   */
  updateState(update: StateUpdate): Promise<boolean>;
  /** Shows readers how far the task is: its state is PROGRESS, and `meta` stands beside it. As {@link updateState}. */
  progress(meta: unknown): Promise<boolean>;
  /**
   * Tells whoever watches: an event of the task's own, `task-progress` say, with the task's id as `uuid`. Throws
   * `ImproperlyConfigured` for a type that is no name, `EncodeError` for fields that are no JSON, `NotSupportedError` without
   * a backend, and `BackendUnavailable`.
   */
  sendEvent(type: string, fields?: EventDetails): Promise<void>;
  /** `<Task: shop.add>`. */
  toString(): string;
}
