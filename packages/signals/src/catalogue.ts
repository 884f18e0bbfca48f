/**
 * The moments of a task's life, by Celery's names.
 *
 * Each application has a set of its own, so two applications in one process do not hear each other. Payloads are
 * Celery's keyword arguments in camelCase; left out is what has no meaning where tasks are pushed over HTTP (exchange,
 * declare, retry policy, signal number) and `einfo`, which is the exception and the traceback once more. Of the life of a
 * worker's process there is its beginning, the first request of an isolate; nobody is told of an end. docs/signals.md has all
 * of Celery's signals, and why those are not here that are not.
 *
 * @module
 */

import type { TaskBody, TaskHeaders, TaskProperties } from "@umbel/protocol";
import { Signal, type SignalOptions, type SignalSender } from "./signal.ts";

/** A message is about to be sent; receivers may change headers and properties. */
export interface BeforeTaskPublish {
  readonly body: TaskBody;
  readonly headers: Mutable<TaskHeaders>;
  readonly properties: Mutable<TaskProperties>;
  /** The queue. */
  readonly routingKey: string;
}

/** The broker has taken a message. */
export interface AfterTaskPublish {
  readonly body: TaskBody;
  readonly headers: TaskHeaders;
  readonly routingKey: string;
  /** Whether the broker has had the same call within ten minutes: then it is that one, and nothing was sent. */
  readonly deduplicated: boolean;
}

/** A message has reached a worker that knows its task. */
export interface TaskReceived<Request> {
  readonly request: Request;
}

/** An attempt starts. */
export interface TaskPrerun<Task> {
  readonly taskId: string;
  readonly task: Task;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** An attempt has ended, and its end is stored. */
export interface TaskPostrun<Task> extends TaskPrerun<Task> {
  /** The value; the error when it failed. */
  readonly retval: unknown;
  readonly state: string;
}

/** A task has returned. */
export interface TaskSuccess {
  readonly result: unknown;
}

/** A task will be tried again. */
export interface TaskRetry<Request> {
  readonly request: Request;
  /** The error, or what was given as the reason. */
  readonly reason: unknown;
  readonly traceback: string | null;
}

/** A task has failed for good. */
export interface TaskFailed {
  readonly taskId: string;
  readonly exception: unknown;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly traceback: string | null;
}

/** Something of ours broke around a task's body. */
export interface TaskInternalError<Request> extends TaskFailed {
  readonly request: Request;
}

/** A task was revoked, or had expired. */
export interface TaskRevoked<Request> {
  readonly request: Request;
  /** It was running. */
  readonly terminated: boolean;
  readonly expired: boolean;
}

/** A message names a task that the worker does not serve. */
export interface TaskUnknown {
  /** As it was received. */
  readonly message: unknown;
  readonly exc: unknown;
  readonly name: string;
  readonly id: string;
}

/** A message was refused: what arrived is no message, or a task rejected it. */
export interface TaskRejected {
  /** As it was received. */
  readonly message: unknown;
  readonly exc: unknown;
}

/** An attempt was found whose worker had died: its lease was over, and its end not stored. */
export interface WorkerLost<Request> {
  readonly request: Request;
  /** The attempt is run again, here and now; otherwise it is ended. */
  readonly isRunAgain: boolean;
}

/** The broker has given up on a message: it is among the dead letters now. */
export interface MessageDead {
  /** As it was sent; the text where it is no message. */
  readonly message: unknown;
  /** Name and id of its task; null where it is no message. */
  readonly task: string | null;
  readonly id: string | null;
  /** Status of the last answer to it, 0 when there was none. */
  readonly status: number;
}

/** An endpoint, a worker's or beat's, is about to serve for the first time. */
export interface ServiceStart {
  /** The application's name. */
  readonly app: string;
}

/** Beat has decided on a run that is due, or soon will be. */
export interface BeatDue {
  /** Name of the entry. */
  readonly entry: string;
  /** The instant that the run is for, ISO 8601. */
  readonly slot: string;
  readonly taskId: string;
  /** Skipped: the run before it has not ended. */
  readonly outcome: "sent" | "skipped" | "failed";
  /** Why it failed. */
  readonly error?: string;
}

/**
 * All signals of one application. The sender is the task; where something is published its name; where no task is known
 * yet the name of the worker.
 */
export interface Signals<Task extends SignalSender = SignalSender, Request = unknown> {
  readonly beforeTaskPublish: Signal<BeforeTaskPublish>;
  readonly afterTaskPublish: Signal<AfterTaskPublish>;
  readonly taskReceived: Signal<TaskReceived<Request>>;
  readonly taskPrerun: Signal<TaskPrerun<Task>, Task>;
  readonly taskPostrun: Signal<TaskPostrun<Task>, Task>;
  readonly taskSuccess: Signal<TaskSuccess, Task>;
  readonly taskRetry: Signal<TaskRetry<Request>, Task>;
  readonly taskFailure: Signal<TaskFailed, Task>;
  readonly taskInternalError: Signal<TaskInternalError<Request>, Task>;
  readonly taskRevoked: Signal<TaskRevoked<Request>, Task>;
  readonly taskUnknown: Signal<TaskUnknown>;
  readonly taskRejected: Signal<TaskRejected>;
  readonly workerInit: Signal<ServiceStart>;
  readonly workerReady: Signal<ServiceStart>;
  readonly beatInit: Signal<ServiceStart>;
  readonly beatDue: Signal<BeatDue>;
  readonly workerLost: Signal<WorkerLost<Request>, Task>;
  readonly messageDead: Signal<MessageDead>;
}

/** Makes the signals of one application. */
export function createSignals<Task extends SignalSender = SignalSender, Request = unknown>(
  options: SignalOptions = {},
): Signals<Task, Request> {
  return {
    beforeTaskPublish: new Signal("before_task_publish", options),
    afterTaskPublish: new Signal("after_task_publish", options),
    taskReceived: new Signal("task_received", options),
    taskPrerun: new Signal("task_prerun", options),
    taskPostrun: new Signal("task_postrun", options),
    taskSuccess: new Signal("task_success", options),
    taskRetry: new Signal("task_retry", options),
    taskFailure: new Signal("task_failure", options),
    taskInternalError: new Signal("task_internal_error", options),
    taskRevoked: new Signal("task_revoked", options),
    taskUnknown: new Signal("task_unknown", options),
    taskRejected: new Signal("task_rejected", options),
    workerInit: new Signal("worker_init", options),
    workerReady: new Signal("worker_ready", options),
    beatInit: new Signal("beat_init", options),
    beatDue: new Signal("beat_due", options),
    workerLost: new Signal("worker_lost", options),
    messageDead: new Signal("message_dead", options),
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
