/**
 * Queues that an application knows: Celery's `task_queues`.
 *
 * Which worker serves a queue is the broker's to know (`qstash({ queues })`, `UMBEL_QUEUES`): what it pushes to is what its
 * operator trusts.
 *
 * @module
 */

import { ImproperlyConfigured, QueueNotFound } from "@umbel/protocol";
import * as kinds from "./kinds.ts";
import { checkOptions, type KindsOf } from "./kinds.ts";
import { limitsIn, type TaskLimits } from "./rate-limit.ts";
import type { Settings } from "./settings.ts";

/** What is said of a queue. */
export interface QueueOptions {
  /** Priority of messages that are given none otherwise, 0 to 9. */
  readonly priority?: number;
  /** How many messages are begun, of tasks that have no `rateLimit` of their own; all of them together. */
  readonly rateLimit?: string | number | null | Pick<TaskLimits, "period" | "rate">;
  /** How many of them run at once. */
  readonly parallelism?: number;
}

/** What is said of a queue; nothing of one that is not named. */
export function queueOptions({ taskQueues }: Settings, queue: string): QueueOptions {
  return taskQueues !== null && Object.hasOwn(taskQueues, queue) ? (taskQueues[queue] ?? {}) : {};
}

/** Throws `QueueNotFound` for a queue that is named nowhere, where `taskCreateMissingQueues` is false. */
export function checkQueue({ taskCreateMissingQueues, taskDefaultQueue, taskQueues }: Settings, queue: string): void {
  if (taskCreateMissingQueues || queue === taskDefaultQueue) return;
  if (taskQueues !== null && Object.hasOwn(taskQueues, queue)) return;
  const known = [...new Set([taskDefaultQueue, ...Object.keys(taskQueues ?? {})])].join(", ");
  throw new QueueNotFound(
    `Queue "${queue}" is not among taskQueues (${known}), and taskCreateMissingQueues is false: name it there`,
  );
}

/** What is taken; a limit is looked at by itself. */
const optionKinds: KindsOf<QueueOptions> = { priority: kinds.priority, rateLimit: null, parallelism: kinds.count };

/** Throws `ImproperlyConfigured` for what makes no sense of a queue. */
export function checkQueueOptions(queue: string, options: QueueOptions): void {
  if (queue === "") throw new ImproperlyConfigured("taskQueues names a queue with an empty name");
  const of = ` of the queue "${queue}"`;
  checkOptions(options, optionKinds, { one: `option${of}`, of });
  limitsIn(options.rateLimit ?? null, `rateLimit${of}`);
}
