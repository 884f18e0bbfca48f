/**
 * Tells of a task's life: Celery's log lines, and the signals of the worker's side.
 *
 * What is told of an end is told after it is stored, and only where this worker's end is the one that was.
 *
 * @module
 */

import {
  type Application,
  callHook,
  idleRun,
  type Logger,
  notRegistered,
  type Outcome,
  printable,
  type RegisteredTask,
  Reject,
  type Run,
  servedTask,
  type TaskRequest,
  tellInternalError,
  workerLogger,
} from "@umbel/core";
import { failureOf, repr, reprOf, tracebackOf } from "@umbel/protocol";
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
  /** The run that has ended; absent where the task was ended without being run. */
  readonly run?: Run | undefined;
}

/** A message has arrived and could be read. */
export async function reportReceived(app: Application, delivery: Delivery, request: TaskRequest): Promise<void> {
  loggerOf(app, request).info("received");
  const task = servedTask(app, request.task);
  if (task !== undefined) {
    await app.signals.taskReceived.send(task.name, { request });
    return;
  }
  const { message, hostname } = delivery;
  const exc = notRegistered(app, request.task);
  loggerOf(app, request).error(`is of a type that is not registered here: ${known(app)}`);
  await app.signals.taskUnknown.send(hostname, { message, exc, name: request.task, id: request.id });
}

/** The body is about to be called. */
export async function reportStart(app: Application, task: RegisteredTask, request: TaskRequest): Promise<void> {
  await app.signals.taskPrerun.send(task, subjectOf(task, request));
}

/** Something of ours broke around a task, and no repetition is known to help; the message comes again all the same. */
export async function reportBroken(app: Application, request: TaskRequest, error: unknown): Promise<void> {
  const task = servedTask(app, request.task);
  if (task !== undefined) await tellInternalError(app, { task, request, error, doing: "its delivery" });
}

/** Whoever held the attempt has died. `isRun`: it is run again here. */
export async function reportLost(app: Application, request: TaskRequest, isRun: boolean): Promise<void> {
  loggerOf(app, request).warning(`was held by a worker that has died: ${isRun ? "it is run again" : "it is ended"}`);
  const task = servedTask(app, request.task);
  if (task !== undefined) await app.signals.workerLost.send(task, { request, isRunAgain: isRun });
}

/** Store or broker cannot be reached; the message will come again. */
export function reportPostponed(app: Application, request: TaskRequest, error: Error): void {
  loggerOf(app, request).warning(`could not be handled for now: ${error.message}`);
}

/**
 * An attempt has ended. The signals and hooks are about tasks that are known here; the log tells of all. What begins with
 * `taskPrerun` ends with `taskPostrun`, whoever's end is stored.
 */
export async function reportEnd(app: Application, end: End): Promise<void> {
  const task = servedTask(app, end.request.task);
  if (end.applied) await tell(app, end, task);
  else loggerOf(app, end.request).warning("ended here too late: another worker's end is stored");
  if (end.run === undefined) return;
  const { outcome, run } = end;
  const retval = "value" in outcome ? outcome.value : "error" in outcome ? outcome.error : undefined;
  const state = isRejected(outcome) ? "REJECTED" : outcome.state;
  await app.signals.taskPostrun.send(run.task, { ...subjectOf(run.task, end.request), retval, state });
}

/** Celery's order: the hook of the end, its signal, its line in the log, `afterReturn`. */
async function tell(app: Application, end: End, task: RegisteredTask | undefined): Promise<void> {
  if (task === undefined) {
    log(app, end, task);
    return;
  }
  const { outcome, run = idleRun(app, { task, request: end.request }) } = end;
  await callHookOf(app, outcome, run);
  await announce(app, end, task);
  log(app, end, task);
  if ((outcome.state !== "SUCCESS" && outcome.state !== "FAILURE") || isRejected(outcome)) return;
  await callHook(app, run, (hooks, bound) => hooks.afterReturn?.(outcome, bound));
}

async function callHookOf(app: Application, outcome: Outcome, run: Run): Promise<void> {
  if (isRejected(outcome)) return;
  if (outcome.state === "SUCCESS") await callHook(app, run, (hooks, bound) => hooks.onSuccess?.(outcome.value, bound));
  if (outcome.state === "FAILURE") await callHook(app, run, (hooks, bound) => hooks.onFailure?.(outcome.error, bound));
  if (outcome.state === "RETRY") await callHook(app, run, (hooks, bound) => hooks.onRetry?.(outcome.error, bound));
}

/** Whether a task wants nothing more to do with its message: it has failed, but nothing went wrong in it. */
function isRejected(outcome: Outcome): boolean {
  return outcome.state === "FAILURE" && outcome.error instanceof Reject;
}

/** Sends the signal of the end; Celery has none for a task that was ignored. */
async function announce({ signals }: Application, end: End, task: RegisteredTask): Promise<void> {
  const { outcome, request, delivery } = end;
  switch (outcome.state) {
    case "SUCCESS":
      await signals.taskSuccess.send(task, { result: outcome.value });
      return;
    case "FAILURE": {
      const { taskId, args, kwargs } = subjectOf(task, request);
      const { error: exception } = outcome;
      await signals.taskFailure.send(task, { taskId, exception, args, kwargs, traceback: tracebackOf(exception) });
      if (isRejected(outcome)) await rejected(exception);
      return;
    }
    case "RETRY": {
      const { error: reason } = outcome;
      await signals.taskRetry.send(task, { request, reason, traceback: tracebackOf(reason) });
      return;
    }
    case "REVOKED": {
      // One that is to be terminated, and was not running yet, is only revoked: so Celery tells it.
      const isTerminated = outcome.reason === "terminated" && end.run !== undefined;
      const reasons = { terminated: isTerminated, expired: outcome.reason === "expired" };
      await signals.taskRevoked.send(task, { request, ...reasons });
      return;
    }
    case "REJECTED":
      await rejected(outcome.reason);
      return;
    case "IGNORED":
    case "REPLACED":
  }

  async function rejected(exc: unknown): Promise<void> {
    await signals.taskRejected.send(delivery.hostname, { message: delivery.message, exc });
  }
}

/** Writes Celery's line about the end. */
function log(app: Application, { outcome, request, runtime }: End, task: RegisteredTask | undefined): void {
  const logger = loggerOf(app, request);
  switch (outcome.state) {
    case "SUCCESS":
      logger.info(`succeeded in ${runtime}s: ${repr(outcome.value, task?.options.resultreprMaxsize)}`);
      return;
    case "FAILURE":
      logFailure(logger, outcome.error, task);
      return;
    case "RETRY":
      logger.info(`retry: Retry in ${outcome.delay}s${reasonOf(outcome.error)}`);
      return;
    case "REVOKED":
      discarded(app, request);
      return;
    case "IGNORED":
      logger.info("ignored");
      return;
    case "REPLACED":
      logger.info("replaced");
      return;
    case "REJECTED":
      logger.warning(`rejected: ${outcome.reason}`);
  }
}

/** Celery's line, which names the task last. */
function discarded(app: Application, { task: taskName, id: taskId, hostname: worker }: TaskRequest): void {
  const logger = app.logger({ logger: workerLogger, taskName, taskId, worker, isNamed: true });
  logger.info(`Discarding revoked task: ${printable(`${taskName}[${taskId}]`)}`);
}

function logFailure(logger: Logger, error: unknown, task: RegisteredTask | undefined): void {
  if (error instanceof Reject) {
    logger.warning(`rejected: ${error.message}`);
    return;
  }
  const shown = reprOf(failureOf(error));
  const isExpected = (task?.options.throws ?? []).some((each) => error instanceof each);
  if (isExpected) logger.info(`raised expected: ${shown}`);
  else logger.error(`raised unexpected: ${shown}\n${tracebackOf(error)}`);
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
  return app.logger({ logger: workerLogger, taskName, taskId: request.id, worker: request.hostname });
}

function known(app: Application): string {
  const names = [...app.tasks.keys()];
  return names.length === 0 ? "this worker has no task" : `this worker has ${names.join(", ")}`;
}
