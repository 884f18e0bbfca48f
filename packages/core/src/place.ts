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
  if (priority === undefined || (Number.isInteger(priority) && priority >= 0 && priority <= 9)) return;
  throw new ImproperlyConfigured(`priority is ${priority}: give a whole number from 0 to 9`);
}
