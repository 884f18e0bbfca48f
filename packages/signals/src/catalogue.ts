/**
 * The moments of a task's life, by Celery's names.
 *
 * Each application has a set of its own, so two applications in one process do not hear each other. Payloads are
 * Celery's keyword arguments in camelCase; left out is what has no meaning where tasks are pushed over HTTP (exchange,
 * declare, retry policy, signal number) and `einfo`, which is the exception and the traceback once more. Signals about
 * the life of a worker or a beat process have no counterpart: no process lives between requests.
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
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
