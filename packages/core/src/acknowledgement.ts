/**
 * When a message is acknowledged, and what becomes of one whose task has not come to a good end.
 *
 * Celery's options, as far as they can be kept where the acknowledgement is an HTTP status: a message is either done with
 * (2xx), or kept among the broker's dead letters (489), or sent once more.
 *
 * @module
 */

import { NotRegistered, TimeLimitExceeded } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { Reject } from "./control-flow.ts";
import type { Outcome } from "./outcome.ts";
import { isOwnTask } from "./own-task.ts";
import type { TaskRequest } from "./request.ts";

/** When a task's message is acknowledged. */
export interface AcknowledgementOptions {
  /**
   * False: acknowledged before the body runs, which then runs at most once: a worker that dies leaves a failure. The setting
   * `taskAcksLate` when absent, and by default true: acknowledged once the end is stored.
   */
  readonly acksLate?: boolean;
  /** False: the message of a failed task is kept among the broker's dead letters. Default: `taskAcksOnFailure`, true. */
  readonly acksOnFailure?: boolean;
  /**
   * False: an attempt that exceeds its hard limit is delivered again instead of failing, unless it is acknowledged before it
   * runs. Default: `taskAcksOnTimeout`, true.
   */
  readonly acksOnTimeout?: boolean;
  /** False: an attempt whose worker died fails instead of running again. Default: `taskRejectOnWorkerLost`, true. */
  readonly rejectOnWorkerLost?: boolean;
  /** How often an attempt is put back into its queue before it is rejected for good. Default: `taskMaxRequeues`, 30. */
  readonly maxRequeues?: number | null;
}

/** {@link AcknowledgementOptions} of one task, with the settings filled in. */
export type Acknowledgement = Required<AcknowledgementOptions>;

/** What holds for our own tasks: nothing of them is lost with a worker. */
const ofOurs: Acknowledgement = {
  acksLate: true,
  acksOnFailure: true,
  acksOnTimeout: true,
  rejectOnWorkerLost: true,
  maxRequeues: null,
};

/** What holds for a task. */
export function acknowledgementOf({ conf, tasks }: CallingApplication, task: string): Acknowledgement {
  if (isOwnTask(task)) return ofOurs;
  const own: AcknowledgementOptions = tasks.get(task)?.options ?? {};
  return {
    acksLate: own.acksLate ?? conf.taskAcksLate,
    acksOnFailure: own.acksOnFailure ?? conf.taskAcksOnFailure,
    acksOnTimeout: own.acksOnTimeout ?? conf.taskAcksOnTimeout,
    rejectOnWorkerLost: own.rejectOnWorkerLost ?? conf.taskRejectOnWorkerLost,
    maxRequeues: own.maxRequeues === undefined ? conf.taskMaxRequeues : own.maxRequeues,
  };
}

/**
 * Whether a message is to be kept among the dead letters now that its task has ended so: somebody may want to send it once
 * more, when the task is there, or wants it.
 */
export function isDeadLetter(app: CallingApplication, task: string, outcome: Outcome): boolean {
  return outcome.state === "FAILURE" && isKept(app, task, kindOf(outcome.error));
}

/** The same of a failure that is stored: its `exc_type`, undefined where none is. */
export function isDeadFailure(app: CallingApplication, task: string, type: string | undefined): boolean {
  return isKept(
    app,
    task,
    kinds.find((each) => each === type),
  );
}

/** Errors after which it is not `acksOnFailure` that decides. */
const kinds = ["Reject", "NotRegistered", "TimeLimitExceeded"] as const;

function kindOf(error: unknown): (typeof kinds)[number] | undefined {
  if (error instanceof Reject) return "Reject";
  if (error instanceof NotRegistered) return "NotRegistered";
  return error instanceof TimeLimitExceeded ? "TimeLimitExceeded" : undefined;
}

function isKept(app: CallingApplication, task: string, kind: ReturnType<typeof kindOf>): boolean {
  const { acksOnFailure, acksOnTimeout } = acknowledgementOf(app, task);
  switch (kind) {
    case "Reject":
    case "NotRegistered":
      return true;
    case "TimeLimitExceeded":
      return !acksOnTimeout;
    case undefined:
      return !acksOnFailure;
  }
}

/** Puts an attempt back into its queue, unless that was done too often. */
export function requeue(
  app: CallingApplication,
  { task, properties }: Pick<TaskRequest, "task" | "properties">,
  error: Error,
): Outcome {
  const { maxRequeues } = acknowledgementOf(app, task);
  if (maxRequeues === null || (properties.requeues ?? 0) < maxRequeues)
    return { state: "REJECTED", reason: error.message };
  return { state: "FAILURE", error };
}

/** How an attempt ends that has exceeded its hard limit. One that was acknowledged before it ran is begun once at most. */
export function timedOut(
  app: CallingApplication,
  request: Parameters<typeof requeue>[1],
  error: TimeLimitExceeded,
): Outcome {
  const { acksLate, acksOnTimeout } = acknowledgementOf(app, request.task);
  return acksOnTimeout || !acksLate ? { state: "FAILURE", error } : requeue(app, request, error);
}
