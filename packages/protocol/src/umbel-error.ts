/**
 * What all errors of this library have in common.
 *
 * @module
 */

/** Stable name of a mistake. */
export type ErrorCode =
  | "BACKEND_UNAVAILABLE"
  | "BROKER_REJECTED"
  | "BROKER_UNAVAILABLE"
  | "CHORD_FAILED"
  | "ENCODE"
  | "ENTRY_IN_CODE"
  | "ENTRY_NOT_FOUND"
  | "GET_INSIDE_TASK"
  | "IMPROPERLY_CONFIGURED"
  | "INCOMPLETE_STREAM"
  | "INVALID_MESSAGE"
  | "MAX_RETRIES_EXCEEDED"
  | "MESSAGE_TOO_LARGE"
  | "MISSING_SETTING"
  | "NOT_REGISTERED"
  | "NOT_SUPPORTED"
  | "QUEUE_NOT_FOUND"
  | "SIGNATURE"
  | "SOFT_TIME_LIMIT_EXCEEDED"
  | "TASK_FAILED"
  | "TASK_REVOKED"
  | "TIMEOUT"
  | "TIME_LIMIT_EXCEEDED"
  | "UNSUPPORTED_VERSION"
  | "VALIDATION"
  | "VALUE"
  | "WORKER_LOST";

/** A call that has failed itself. */
export interface FailureOrigin {
  readonly id: string;
  readonly task: string;
}

/** What an error is made with beside its message. */
export interface UmbelErrorOptions extends ErrorOptions {
  readonly origin?: FailureOrigin | undefined;
}

/** Parent of every error this library throws. Switch on `code`; it survives bundling and realms. */
export abstract class UmbelError extends Error {
  abstract readonly code: ErrorCode;
  /** Whether trying the same thing again can help. */
  readonly transient: boolean = false;
  /** The call that has failed, where the error is told of one that waited for it: a later step of its chain, its chord's body. */
  declare readonly origin?: FailureOrigin;

  constructor(message?: string, options: UmbelErrorOptions = {}) {
    super(message, options);
    // As a cause is: errors of one failure are equal, whoever is told.
    if (options.origin !== undefined) Object.defineProperty(this, "origin", { value: options.origin });
  }

  /** Its fields with the message and, where that is an error of ours too, its cause. No stack and no traceback: they name files. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { cause, message, origin } = this;
    const fields = Object.entries(this).filter(([name]) => name !== "traceback");
    return {
      ...Object.fromEntries(fields),
      message,
      ...(origin && { origin }),
      ...(cause instanceof UmbelError && { cause }),
    };
  }
}
