/**
 * What an event has changed.
 *
 * @module
 */

import type { Task } from "./task.ts";
import type { WorkerNode } from "./worker-node.ts";

/** An event told of a task. */
export interface TaskChange {
  readonly group: "task";
  /** What happened: `received`, `failed`, or a program's own. */
  readonly subject: string;
  readonly task: Task;
  /** Whether it is the first that is heard of it. */
  readonly isNew: boolean;
  /** The state before; null when it is new. */
  readonly before: string | null;
  /** Whether more had been heard of the task already, so that its state stays. */
  readonly isLate: boolean;
}

/** An event told of a worker. */
export interface WorkerChange {
  readonly group: "worker";
  readonly subject: string;
  readonly worker: WorkerNode;
  readonly isNew: boolean;
}

/** An event of a program's own group: nothing in the model is changed by it. */
export interface OtherChange {
  readonly group: "other";
  /** Its whole type. */
  readonly subject: string;
}

/** What an event has changed. */
export type Change = TaskChange | WorkerChange | OtherChange;
