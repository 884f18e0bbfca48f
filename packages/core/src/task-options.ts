/**
 * What a task is declared with. A call may override most of it; the call wins.
 *
 * @module
 */

import type { Duration, Signature } from "@umbel/protocol";
import type { AcknowledgementOptions } from "./acknowledgement.ts";
import type { TaskHooks } from "./hooks.ts";
import type { ErrorClass, RetryOptions } from "./retry.ts";
import type { SignatureSender } from "./signature.ts";

/** Options of a task, by Celery's names in camelCase. */
export interface TaskOptions extends RetryOptions, TaskHooks, AcknowledgementOptions {
  /** Registered name, for example `shop.charge`. */
  readonly name: string;
  /** Hard limit for each attempt: it ends FAILURE TimeLimitExceeded. Code that blocks cannot be stopped, only disowned. */
  readonly timeLimit?: Duration;
  /** Soft limit for each attempt: `task.signal` aborts with SoftTimeLimitExceeded. */
  readonly softTimeLimit?: Duration;
  /** Keep no result. */
  readonly ignoreResult?: boolean;
  /** Keep failures although results are ignored. */
  readonly storeErrorsEvenIfIgnored?: boolean;
  /** Store STARTED when an attempt begins. */
  readonly trackStarted?: boolean;
  /** From when on an attempt that has not begun is revoked, counted from the call. */
  readonly expires?: Duration;
  readonly queue?: string;
  /** 0 to 9. Where the broker has no priorities it changes no order; the task can read it all the same. */
  readonly priority?: number;
  /** Errors that are expected: logged at INFO, without traceback. The state is FAILURE all the same. */
  readonly throws?: readonly ErrorClass[];
  /** The parameters' names, so that a caller (Python's, too) may give them by name. */
  readonly params?: readonly string[];
}

/** Options of one call. */
export interface CallOptions {
  /** Seconds from now before which the task does not run. */
  readonly countdown?: Duration;
  /** Instant before which the task does not run. */
  readonly eta?: Date;
  /** Seconds from now, or an instant: an attempt not begun by then is revoked. */
  readonly expires?: Duration | Date;
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly queue?: string;
  readonly priority?: number;
  readonly taskId?: string;
  readonly shadow?: string;
  readonly ignoreResult?: boolean;
  readonly timeLimit?: Duration;
  readonly softTimeLimit?: Duration;
  /** Headers of your own: `task.request.headers`. */
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Sent when the task succeeds, each with its result as first argument. */
  readonly link?: Linked | readonly Linked[];
  /** Sent when the task fails for good, each with the failure as first argument. */
  readonly linkError?: Linked | readonly Linked[];
}

/** Anything that can be linked or composed: it has Celery's form of a signature. */
export interface Linked {
  readonly wire: Signature;
  /** Whose it is, when an application has made it. */
  readonly sender?: SignatureSender;
}
