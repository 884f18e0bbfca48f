/**
 * Where a call goes, and how urgently.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";

/** A place, as far as somebody names it. */
interface Place {
  readonly queue?: string | undefined;
  readonly priority?: number | undefined;
}

/** Throws `ImproperlyConfigured` for a queue without a name, and for what is no priority. */
export function checkPlace({ queue, priority }: Place): void {
  if (queue === "") throw new ImproperlyConfigured("queue is empty: name one");
  if (priority === undefined || isPriority(priority)) return;
  throw new ImproperlyConfigured(`priority is ${priority}: give a whole number from 0 to 9`);
}

/** Whether a value is a whole number from 0 to 9. */
export function isPriority(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 9;
}
