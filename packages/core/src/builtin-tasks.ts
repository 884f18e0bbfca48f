/**
 * Tasks that every application serves: Celery's own that canvases rely on, and ours.
 *
 * @module
 */

import { accumulateName } from "@umbel/canvas";
import type { Application, RegisteredTask } from "./application.ts";
import { retryPolicy } from "./retry.ts";
import { startTask } from "./start.ts";

/** Makes the built-in tasks of an application. */
export function builtinTasks(app: Application): readonly RegisteredTask[] {
  return [accumulateTask(), startTask(app)];
}

/** Whether a name belongs to a built-in task: such names are Celery's and ours, never an application's. */
export function isBuiltin(name: string): boolean {
  return name.startsWith("celery.") || name.startsWith("umbel.");
}

/** `celery.accumulate`: returns all its arguments, or the one at `index` (celery-wire.md 7). */
function accumulateTask(): RegisteredTask {
  return {
    name: accumulateName,
    options: { name: accumulateName },
    policy: retryPolicy({}),
    accept: async (args, { index }) => await Promise.resolve(typeof index === "number" ? [args[index]] : [args]),
    run: (_task, [value]) => value,
  };
}
