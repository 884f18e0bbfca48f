/**
 * What a task is declared with. A call may override most of it; the call wins.
 *
 * @module
 */

import type { Duration } from "@umbel/protocol";
import type { AcknowledgementOptions } from "./acknowledgement.ts";
import type { TaskHooks } from "./hooks.ts";
import type { PublishRetryPolicy } from "./publish-retry.ts";
import type { Linkable } from "./linked.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Kwargs } from "./named.ts";
import type { ErrorClass, RetryOptions } from "./retry.ts";

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
  /** Store, with each result, which calls the task has made. Default true. */
  readonly trail?: boolean;
  /** How long its results stay; null: for ever. The setting of that name when not given. */
  readonly resultExpires?: Duration | null;
  /** From when on an attempt that has not begun is revoked, counted from the call. */
  readonly expires?: Duration;
  readonly queue?: string;
  /** 0 to 9. Where the broker has no priorities it changes no order; the task can read it all the same. */
  readonly priority?: number;
  /**
   * How many calls are begun, and run at once, on all workers together; what has to wait is delayed, never refused. The
   * queue's limits, else the setting `taskDefaultRateLimit`, when not given; null: none.
   */
  readonly rateLimit?: RateLimit;
  /** Errors that are expected: logged at INFO, without traceback. The state is FAILURE all the same. */
  readonly throws?: readonly ErrorClass[];
  /**
   * The parameters' names, so that a caller (Python's, too) may give them by name. All of them must be given, but those
   * whose name ends in `?`, as in `["x", "unit?"]`, and those with a default.
   */
  readonly params?: readonly string[];
  /** Count arguments where they are sent, and where they are used. The setting `strictTyping` when not given. */
  readonly typing?: boolean;
  /** Gives a call another name in the worker's log, unless the call has one. */
  readonly shadowName?: (args: readonly unknown[], kwargs: Kwargs) => string | null | undefined;
  /** So many characters of a result are shown in the worker's log, and in events. Default 1024. */
  readonly resultreprMaxsize?: number;
  /** False: nobody who watches is told of it, whatever workers and callers tell of others. Default true. */
  readonly sendEvents?: boolean;
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
  /** Id of the first call of all this belongs to; inside a task the task's root. */
  readonly rootId?: string;
  /** Id of the call that makes this one; inside a task the task's. */
  readonly parentId?: string;
  /** Whether it becomes one of the children of the task that makes it. */
  readonly addToParent?: boolean;
  /** Where the sender wants an answer: `task.request.replyTo`. */
  readonly replyTo?: string;
  /** The name in the worker's log. */
  readonly shadow?: string;
  /** What logs and events show in place of the arguments, where these hold secrets. */
  readonly argsrepr?: string;
  readonly kwargsrepr?: string;
  readonly ignoreResult?: boolean;
  readonly timeLimit?: Duration;
  readonly softTimeLimit?: Duration;
  /** Headers of your own: `task.request.headers`. */
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Labels of every call that it comes to, any JSON: `task.request.stamps`. */
  readonly stamps?: Readonly<Record<string, unknown>>;
  /** Whether the call that publishes is repeated when it was refused for now; the setting `taskPublishRetry` else. */
  readonly retry?: boolean;
  /** How often, and after what pauses: over the setting `taskPublishRetryPolicy`. */
  readonly retryPolicy?: PublishRetryPolicy;
  /** Sent when the task succeeds, each with its result as first argument. */
  readonly link?: Linkable | readonly Linkable[];
  /** Sent when the task fails for good, each with the failure as first argument. */
  readonly linkError?: Linkable | readonly Linkable[];
}
