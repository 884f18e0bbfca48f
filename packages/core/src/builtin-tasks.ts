/**
 * Tasks that every application serves: Celery's own that canvases rely on, and ours.
 *
 * @module
 */

import { accumulateName, chunksName, groupOfChunks, itemsIn, mapName, starmapName } from "@umbel/canvas";
import type { Application, RegisteredTask } from "./application.ts";
import { callItems } from "./on-the-spot.ts";
import { guardName } from "./guard-name.ts";
import { isOwnTask } from "./own-task.ts";
import { retryPolicy } from "./retry.ts";
import { bindSignature } from "./signature.ts";
import { standIn } from "./stand-in.ts";
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
  if (name === chunksName) return chunksTask();
  if (name === mapName || name === starmapName) return mapTask(app, name);
  return app.tasks.get(name);
}

/** Names that an application cannot give to a task of its own: a worker runs the built-in one. */
export const builtinNames: readonly string[] = [
  accumulateName,
  chunksName,
  guardName,
  mapName,
  starmapName,
  startName,
  revokeName,
];

/** Whether a name belongs to a built-in task: such names are Celery's and ours, never an application's. */
export function isBuiltin(name: string): boolean {
  return name.startsWith("celery.") || isOwnTask(name);
}

/** `celery.map` and `celery.starmap`: run a task of this application for each of their items, within this attempt. */
function mapTask(app: Application, name: string): RegisteredTask {
  return {
    name,
    options: { name },
    policy: retryPolicy({}),
    accept: async (args) => await Promise.resolve(args),
    run: async ({ request, signal }) => {
      const items = itemsIn({ task: name, kwargs: request.kwargs });
      return items && (await callItems(app, items, signal));
    },
  };
}

/** `celery.chunks`: the group of starmaps that it stands for takes its place. */
function chunksTask(): RegisteredTask {
  return {
    name: chunksName,
    options: { name: chunksName },
    policy: retryPolicy({}),
    accept: async (args) => await Promise.resolve(args),
    run: ({ request, replace }) =>
      replace(bindSignature(standIn, groupOfChunks({ task: chunksName, kwargs: request.kwargs }))),
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
