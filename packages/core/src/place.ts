/**
 * Where a call goes, and how urgently.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { checkKind } from "./kinds.ts";

/** A place, as far as somebody names it. */
export interface Place {
  readonly queue?: string | undefined;
  readonly priority?: number | undefined;
}

/** Throws `ImproperlyConfigured` for a queue without a name, and for what is no priority. */
export function checkPlace({ queue, priority }: Place): void {
  if (queue === "") throw new ImproperlyConfigured("queue is empty: name one");
  if (queue !== undefined) checkKind("queue", "name", queue);
  if (priority !== undefined) checkKind("priority", "priority", priority);
}
