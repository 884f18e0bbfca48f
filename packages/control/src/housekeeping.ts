/**
 * What workers send each other to keep their promises: nobody's task, and shown to nobody.
 *
 * @module
 */

import { guardName, revokeName } from "@umbel/core";

/** Whether a task is such, by its name. */
export function isHousekeeping(task: string): boolean {
  return task === guardName || task === revokeName;
}
