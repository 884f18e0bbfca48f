/**
 * What a process was started for.
 *
 * @module
 */

import type { MemoryPush } from "@umbel/memory";

/** The attempt that a push is about. */
export interface Errand {
  readonly taskId: string;
  /** The task's name. */
  readonly task: string;
  /** How often it had been retried. */
  readonly retries: number;
}

/** An errand without a task: `"a request"`, say. */
export function errandWithout(task: string): Errand {
  return { task, taskId: "", retries: 0 };
}

/** Reads what a push is about. A failure callback carries the push that failed. */
export function errandOf({ taskId, body }: Pick<MemoryPush, "taskId" | "body">): Errand {
  const read = parsed(body);
  const headers = fieldOf(read, "headers") ?? fieldOf(parsed(fieldOf(read, "body")), "headers");
  const task = fieldOf(headers, "task");
  const retries = fieldOf(headers, "retries");
  return {
    taskId,
    task: typeof task === "string" ? task : "",
    retries: typeof retries === "number" ? retries : 0,
  };
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** A field of a value that may have none. */
export function fieldOf(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}
