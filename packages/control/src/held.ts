/**
 * Whether a worker holds a task.
 *
 * @module
 */

import type { TaskRecordView } from "@umbel/protocol";

/** Whether its last attempt has not ended, and its lease neither; `now` is milliseconds since 1970. */
export function isHeld({ state, leaseUntil = 0 }: TaskRecordView, now: number): boolean {
  return state === undefined && leaseUntil > now;
}
