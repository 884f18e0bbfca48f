/**
 * Every error that this library throws, with the code that documentation and callers know it by.
 *
 * Class names are Celery's where Celery has one. Each code has a page, docs/errors/<code>.md.
 *
 * @module
 */

import { UmbelError, type UmbelErrorOptions } from "./umbel-error.ts";

/** A setting is wrong, or two settings contradict each other. */
export class ImproperlyConfigured extends UmbelError {
  override readonly name = "ImproperlyConfigured";
  readonly code = "IMPROPERLY_CONFIGURED";
}

/** A setting without which the program cannot go on is not there. */
export class MissingSettingError extends UmbelError {
  override readonly name = "MissingSettingError";
  readonly code = "MISSING_SETTING";
  readonly setting: string;
  readonly #purpose: string;

  constructor(setting: string, purpose: string) {
    super(`${setting} is not set: ${purpose}`);
    this.setting = setting;
    this.#purpose = purpose;
  }

  /** The same, and others that are not set either. */
  beside(others: readonly string[]): MissingSettingError {
    if (others.length === 0) return this;
    return new MissingSettingError(
      this.setting,
      `${this.#purpose}; nor ${others.length === 1 ? "is" : "are"} ${others.join(", ")}`,
    );
  }
}

/** Arguments do not fit a task. */
export class ValidationError extends UmbelError {
  override readonly name = "ValidationError";
  readonly code = "VALIDATION";
  readonly task: string;
  /** Every misfit: where it is, `args[0].url` for example, and what is wrong there. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor(
    task: string,
    issues: readonly { readonly path: string; readonly message: string }[],
    options?: UmbelErrorOptions,
  ) {
    super(`${task}: ${issues.map((issue) => `${issue.path}: ${issue.message}`).join("; ")}`, options);
    this.task = task;
    this.issues = issues;
  }
}

/** A call makes no sense where it is made: `task.addToChord()` in a task that is in no chord. */
export class ValueError extends UmbelError {
  override readonly name = "ValueError";
  readonly code = "VALUE";
}

/** A value cannot travel as JSON. */
export class EncodeError extends UmbelError {
  override readonly name = "EncodeError";
  readonly code = "ENCODE";
}

/** A message is larger than the broker takes. */
export class MessageTooLargeError extends UmbelError {
  override readonly name = "MessageTooLargeError";
  readonly code = "MESSAGE_TOO_LARGE";
}

/** A queue has no worker URL. */
export class QueueNotFound extends UmbelError {
  override readonly name = "QueueNotFound";
  readonly code = "QUEUE_NOT_FOUND";
}

/** The broker or backend cannot do what was asked of it. */
export class NotSupportedError extends UmbelError {
  override readonly name = "NotSupportedError";
  readonly code = "NOT_SUPPORTED";
}

/** What arrived is not a message. */
export class InvalidMessageError extends UmbelError {
  override readonly name = "InvalidMessageError";
  readonly code = "INVALID_MESSAGE";
}

/** What arrived is a message of a version that this program does not know yet. */
export class UnsupportedVersionError extends UmbelError {
  override readonly name = "UnsupportedVersionError";
  readonly code = "UNSUPPORTED_VERSION";
  override readonly transient = true;
}

/** A push was not signed by the broker, or not for this URL. */
export class SignatureError extends UmbelError {
  override readonly name = "SignatureError";
  readonly code = "SIGNATURE";
}

/** The broker could not be reached; nothing may be assumed of the publications. */
export class BrokerUnavailable extends UmbelError {
  override readonly name = "BrokerUnavailable";
  readonly code = "BROKER_UNAVAILABLE";
  override readonly transient = true;
}

/** The broker refused a publication. */
export class BrokerRejected extends UmbelError {
  override readonly name = "BrokerRejected";
  readonly code = "BROKER_REJECTED";
  /**
   * True: it refused the caller, whatever there is to send (a wrong token, an address that is no broker's). Another process, with
   * other settings, may be let in.
   */
  declare readonly isOfCaller?: true;

  constructor(
    message?: string,
    { isOfCaller, ...options }: UmbelErrorOptions & { readonly isOfCaller?: boolean } = {},
  ) {
    super(message, options);
    // It decides what is done here, and is nobody's data.
    if (isOfCaller === true) Object.defineProperty(this, "isOfCaller", { value: true });
  }
}

/** The store could not be reached, or did not answer sense. */
export class BackendUnavailable extends UmbelError {
  override readonly name = "BackendUnavailable";
  readonly code = "BACKEND_UNAVAILABLE";
  override readonly transient = true;
}

/** A message names a task that this worker does not serve. */
export class NotRegistered extends UmbelError {
  override readonly name = "NotRegistered";
  readonly code = "NOT_REGISTERED";
  /** What is stored of it, as in Celery. */
  readonly task: string;
  /** The task of that worker that may have been meant. */
  declare readonly nearest?: string;

  constructor(task: string, { nearest, ...options }: UmbelErrorOptions & { readonly nearest?: string } = {}) {
    const known = nearest === undefined ? "its log names the tasks that are" : `the nearest there is "${nearest}"`;
    super(`${task} is not registered with the worker that got it: ${known}`, options);
    this.task = task;
    if (nearest !== undefined) this.nearest = nearest;
  }
}

/** There is no entry of this name among those that beat sends. */
export class EntryNotFound extends UmbelError {
  override readonly name = "EntryNotFound";
  readonly code = "ENTRY_NOT_FOUND";
}

/** An entry is declared in code, and can be changed only there. */
export class EntryInCode extends UmbelError {
  override readonly name = "EntryInCode";
  readonly code = "ENTRY_IN_CODE";
}

/** A task asked for a retry and had none left. */
export class MaxRetriesExceededError extends UmbelError {
  override readonly name = "MaxRetriesExceededError";
  readonly code = "MAX_RETRIES_EXCEEDED";
}

/** A task was revoked, or expired: the message is `revoked`, `expired` or `terminated`, as in Celery. */
export class TaskRevokedError extends UmbelError {
  override readonly name = "TaskRevokedError";
  readonly code = "TASK_REVOKED";
}

/** A member of a chord failed, so its body cannot run. */
export class ChordError extends UmbelError {
  override readonly name = "ChordError";
  readonly code = "CHORD_FAILED";
}

/** What an error about a time limit is made with: `call` is whose limit it was, "shop.add[ID]" for example. */
export interface TimeLimitOptions extends UmbelErrorOptions {
  readonly call?: string;
}

/** A task ran longer than its hard limit. */
export class TimeLimitExceeded extends UmbelError {
  override readonly name = "TimeLimitExceeded";
  readonly code = "TIME_LIMIT_EXCEEDED";
  /** What is stored of it, as in Celery: the limit in seconds, as a rule. */
  readonly limit: number | string;

  constructor(limit: number | string = "", options: TimeLimitOptions = {}) {
    super(limitSentence("hard", limit, options), options);
    this.limit = numberIn(limit);
  }
}

/** Why `task.signal` aborts at the soft limit. */
export class SoftTimeLimitExceeded extends UmbelError {
  override readonly name = "SoftTimeLimitExceeded";
  readonly code = "SOFT_TIME_LIMIT_EXCEEDED";
  /** What is stored of it, as in Celery: the limit in seconds, as a rule. */
  readonly limit: number | string;

  constructor(limit: number | string = "", options: TimeLimitOptions = {}) {
    super(limitSentence("soft", limit, options), options);
    this.limit = numberIn(limit);
  }
}

/** Whoever throws one by hand may say anything, or nothing. */
function limitSentence(kind: "hard" | "soft", limit: number | string, { call = "The task" }: TimeLimitOptions): string {
  const seconds = numberIn(limit);
  return typeof seconds === "number" ? `${call} took longer than its ${kind} time limit of ${seconds} s` : seconds;
}

function numberIn(limit: number | string): number | string {
  return limit !== "" && Number.isFinite(Number(limit)) ? Number(limit) : limit;
}

/** The worker that held a task died, and the broker has given up delivering it. */
export class WorkerLostError extends UmbelError {
  override readonly name = "WorkerLostError";
  readonly code = "WORKER_LOST";
}

/** A result did not come in time. The task runs on. */
export class TimeoutError extends UmbelError {
  override readonly name = "TimeoutError";
  readonly code = "TIMEOUT";
  override readonly transient = true;
}

/** What a call has led to is not known before it has ended. */
export class IncompleteStream extends UmbelError {
  override readonly name = "IncompleteStream";
  readonly code = "INCOMPLETE_STREAM";
  override readonly transient = true;
}

/** `get()` was called inside a task. */
export class GetInsideTaskError extends UmbelError {
  override readonly name = "GetInsideTaskError";
  readonly code = "GET_INSIDE_TASK";
}

/** What a {@link TaskFailure} knows beside its message. */
export interface TaskFailureData {
  readonly taskId: string;
  /** Name of the error's class where the task ran. */
  readonly excType: string;
  /** Arguments of the error's constructor, one text as a rule. */
  readonly excArgs?: readonly unknown[];
  /** Worker-side traceback as text, when one was stored. */
  readonly traceback?: string | undefined;
}

/** A task failed with an error of the user's: what `get()` throws, the failure as data. */
export class TaskFailure extends UmbelError {
  override readonly name = "TaskFailure";
  readonly code = "TASK_FAILED";
  readonly taskId: string;
  readonly excType: string;
  readonly excArgs: readonly unknown[];
  readonly traceback: string | undefined;

  constructor(message: string, data: TaskFailureData, options?: UmbelErrorOptions) {
    super(message, options);
    this.taskId = data.taskId;
    this.excType = data.excType;
    this.excArgs = data.excArgs ?? [message];
    this.traceback = data.traceback;
  }
}
