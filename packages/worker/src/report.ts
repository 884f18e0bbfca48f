/**
 * Tells of a task's life: Celery's log lines, and the signals of the worker's side.
 *
 * What is told of an end is told after it is stored, and only where this worker's end is the one that was.
 *
 * @module
 */

import {
  type Application,
  isBuiltin,
  type Logger,
  type Outcome,
  type RegisteredTask,
  type TaskRequest,
  workerLogger,
} from "@umbel/core";
import { failureOf, NotRegistered, repr, reprOf, tracebackOf } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";

/** An attempt that has ended and is stored. */
export interface End {
  readonly delivery: Delivery;
  readonly request: TaskRequest;
  readonly outcome: Outcome;
  /** Whether this end is the stored one; otherwise somebody else's is. */
  readonly applied: boolean;
  /** Seconds. */
  readonly runtime: number;
}

/** A message has arrived and could be read. */
export async function reportReceived(app: Application, delivery: Delivery, request: TaskRequest): Promise<void> {
  loggerOf(app, request).info("received");
  const task = app.tasks.get(request.task);
  if (task !== undefined) {
    await app.signals.taskReceived.send(task.name, { request });
    return;
  }
  const { message, hostname } = delivery;
  const exc = new NotRegistered(request.task);
  loggerOf(app, request).error(`is of a type that is not registered here: ${known(app)}`);
  await app.signals.taskUnknown.send(hostname, { message, exc, name: request.task, id: request.id });
}

/** The body is about to be called. */
export async function reportStart(app: Application, task: RegisteredTask, request: TaskRequest): Promise<void> {
  await app.signals.taskPrerun.send(task, subjectOf(task, request));
}

/** An attempt has ended. */
export async function reportEnd(app: Application, end: End): Promise<void> {
  const task = app.tasks.get(end.request.task);
  if (end.applied) await tell(app, end, task);
  else loggerOf(app, end.request).warning("ended here too late: another worker's end is stored");
  if (task === undefined) return;
  const { outcome } = end;
  const retval = "value" in outcome ? outcome.value : "error" in outcome ? outcome.error : undefined;
  await app.signals.taskPostrun.send(task, { ...subjectOf(task, end.request), retval, state: outcome.state });
}

async function tell(app: Application, end: End, task: RegisteredTask | undefined): Promise<void> {
  const { outcome, request } = end;
  const log = loggerOf(app, request);
  switch (outcome.state) {
    case "SUCCESS":
      await app.signals.taskSuccess.send(task ?? request.task, { result: outcome.value });
      log.info(`succeeded in ${end.runtime}s: ${repr(outcome.value)}`);
      return;
    case "FAILURE":
      await tellFailure(app, end, task);
      return;
    case "RETRY": {
      const traceback = tracebackOf(outcome.error);
      await app.signals.taskRetry.send(task ?? request.task, { request, reason: outcome.error, traceback });
      log.info(`retry: Retry in ${outcome.delay}s${reasonOf(outcome.error)}`);
      return;
    }
    case "REVOKED": {
      const reasons = { terminated: outcome.reason === "terminated", expired: outcome.reason === "expired" };
      await app.signals.taskRevoked.send(task ?? request.task, { request, ...reasons });
      app.logger({ logger: workerLogger }).info(`Discarding revoked task: ${request.task}[${request.id}]`);
      return;
    }
    case "IGNORED":
      log.info("ignored");
      return;
    case "REJECTED":
      await app.signals.taskRejected.send(end.delivery.hostname, {
        message: end.delivery.message,
        exc: outcome.reason,
      });
      log.info(`rejected: ${outcome.reason}`);
  }
}

async function tellFailure(app: Application, end: End, task: RegisteredTask | undefined): Promise<void> {
  const { outcome, request } = end;
  if (outcome.state !== "FAILURE") return;
  const { error } = outcome;
  const { id: taskId, args, kwargs } = request;
  const traceback = tracebackOf(error);
  await app.signals.taskFailure.send(task ?? request.task, { taskId, exception: error, args, kwargs, traceback });
  logFailure(loggerOf(app, request), { error, traceback, expected: isExpected(task, error) });
}

function logFailure(
  log: Logger,
  { error, traceback, expected }: { readonly error: unknown; readonly traceback: string; readonly expected: boolean },
): void {
  const shown = reprOf(failureOf(error));
  if (expected) log.info(`raised expected: ${shown}`);
  else log.error(`raised unexpected: ${shown}\n${traceback}`);
}

function isExpected(task: RegisteredTask | undefined, error: unknown): boolean {
  return (task?.options.throws ?? []).some((each) => error instanceof each);
}

function reasonOf(error: unknown): string {
  return error === undefined || error === null ? "" : `: ${reprOf(failureOf(error))}`;
}

function subjectOf(task: RegisteredTask, { id, args, kwargs }: TaskRequest) {
  return { taskId: id, task, args, kwargs };
}

/** The worker's lines name the task and its call. */
function loggerOf(app: Application, request: TaskRequest): Logger {
  const taskName = request.shadow ?? request.task;
  return app.logger({ logger: workerLogger, taskName, taskId: request.id });
}

function known(app: Application): string {
  const names = [...app.tasks.keys()].filter((name) => !isBuiltin(name));
  return names.length === 0 ? "this worker has no task" : `this worker has ${names.join(", ")}`;
}
