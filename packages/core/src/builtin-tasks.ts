/**
 * Tasks that every application serves: Celery's own that canvases rely on, and ours.
 *
 * @module
 */

import { accumulateName, type Items, itemsIn, mapName, starmapName } from "@umbel/canvas";
import type { Application, RegisteredTask } from "./application.ts";
import { callItems } from "./on-the-spot.ts";
import { guardName } from "./guard-name.ts";
import { retryPolicy } from "./retry.ts";
import { revokeName } from "./revoke.ts";
import { revokeTask } from "./revoke-task.ts";
import { startName } from "./start.ts";
import { startTask } from "./start-task.ts";

/**
 * The task that a worker runs under a name: the application's, or a built-in one. Whoever only sends calls has no need of
 * these, and its bundle does not have them.
 */
export function servedTask(app: Application, name: string): RegisteredTask | undefined {
  if (name === accumulateName) return accumulateTask();
  if (name === startName) return startTask(app);
  if (name === revokeName) return revokeTask(app);
  if (name === mapName || name === starmapName) return mapTask(app, name);
  return app.tasks.get(name);
}

/** Names that an application cannot give to a task of its own: a worker runs the built-in one. */
export const builtinNames: readonly string[] = [accumulateName, guardName, mapName, starmapName, startName, revokeName];

/** Whether a name belongs to a built-in task: such names are Celery's and ours, never an application's. */
export function isBuiltin(name: string): boolean {
  return name.startsWith("celery.") || name.startsWith("umbel.");
}

/** `celery.map` and `celery.starmap`: run a task of this application for each of their items, within this attempt. */
function mapTask(app: Application, name: string): RegisteredTask {
  return {
    name,
    options: { name },
    policy: retryPolicy({}),
    accept: async (_args, kwargs) => await Promise.resolve([itemsIn({ task: name, kwargs })]),
    // Sound: it is what `accept` has made.
    run: async ({ signal }, [items]) => await callItems(app, items as Items, signal),
  };
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
