/**
 * Which attempt of a task a message asks for.
 *
 * A task may be replaced by another one under the same id, whose own retries begin at 0 again. What tells attempts apart
 * counts all of them: the fence, the deduplication id, the ids of what a body sends (ADR 12).
 *
 * @module
 */

import type { TaskHeaders, TaskProperties } from "./message.ts";

/** What says so: a message, or the request made of it. */
export interface Numbered {
  readonly headers: Pick<TaskHeaders, "retries">;
  readonly properties: Pick<TaskProperties, "attempts_before">;
}

/** Attempts under the same id before this one: its retries, and all those of the tasks that it has replaced. */
export function attemptNumber({ headers, properties }: Numbered): number {
  return (properties.attempts_before ?? 0) + (headers.retries ?? 0);
}
