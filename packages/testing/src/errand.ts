/**
 * What a process was started for.
 *
 * @module
 */

import type { MemoryPush } from "@umbel/memory";

/** The task of a push; both are empty for another request. */
export interface Errand {
  readonly taskId: string;
  /** Its name. */
  readonly task: string;
}

/** Reads what a push is about. A failure callback carries the push that failed. */
export function errandOf({ taskId, body }: Pick<MemoryPush, "taskId" | "body">): Errand {
  const read = parsed(body);
  const own =
    fieldOf(fieldOf(read, "headers"), "task") ?? fieldOf(fieldOf(parsed(fieldOf(read, "body")), "headers"), "task");
  return { taskId, task: typeof own === "string" ? own : "" };
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
