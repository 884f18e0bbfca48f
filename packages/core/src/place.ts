/**
 * Where a call goes, and how urgently.
 *
 * @module
 */

import * as kinds from "./kinds.ts";
import { checkKind } from "./kinds.ts";

/** A place, as far as somebody names it. */
export interface Place {
  readonly queue?: string | undefined;
  readonly priority?: number | undefined;
}

/** Throws `ImproperlyConfigured` for a queue without a name, and for what is no priority. */
export function checkPlace({ queue, priority }: Place): void {
  if (queue !== undefined) checkKind("queue", kinds.name, queue);
  if (priority !== undefined) checkKind("priority", kinds.priority, priority);
}
