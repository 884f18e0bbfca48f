/**
 * Tasks that a canvas calls and nobody here has declared: found before it is sent, by whoever keeps it for later.
 *
 * @module
 */

import { everythingIn, mappedTask } from "@umbel/canvas";
import { ImproperlyConfigured, type Signature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { isBuiltin } from "./builtin-tasks.ts";
import { nearestName } from "./known-names.ts";
import { isOwnTask } from "./own-task.ts";

/**
 * Throws `ImproperlyConfigured` for the first task in a canvas, or linked to it, that the application does not know. Our own
 * tasks are not for anybody to call.
 */
export function refuseUnknownTask({ tasks }: Pick<CallingApplication, "tasks">, canvas: Signature): void {
  const called = everythingIn(canvas).map(mappedTask);
  const stranger = called.find((name) => isOwnTask(name) || (!isBuiltin(name) && !tasks.has(name)));
  if (stranger === undefined) return;
  const nearest = nearestName(stranger, [...tasks.keys()]);
  const hint =
    nearest === undefined ? "declare it, with any body where it runs elsewhere" : `the nearest is "${nearest}"`;
  throw new ImproperlyConfigured(`There is no task named "${stranger}" here: ${hint}`);
}
