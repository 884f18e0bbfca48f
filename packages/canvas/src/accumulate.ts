/**
 * Celery's own task for turning a group's list into one result.
 *
 * A chord counts tasks, and a group is none. Where a group's list has to be one member's value, the group becomes the
 * header of a chord whose body is `celery.accumulate` with `index: 0`: it returns its first argument, the list. Celery
 * uses it when a task is replaced by a group (celery-semantics.md 1.8), so every Python worker has it.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { signature } from "./signature.ts";

/** Name under which a worker must serve it. */
export const accumulateName = "celery.accumulate";

/** A call that returns its first argument. */
export function accumulate(): Signature {
  return signature(accumulateName, { kwargs: { index: 0 } });
}
