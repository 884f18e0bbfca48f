/**
 * Queues that an application knows by itself, whoever is online.
 *
 * @module
 */

import type { Umbel } from "@umbel/core";

/** What says which queues there are. */
export type QueueOwner = Pick<Umbel, "conf" | "environment" | "tasks">;

/** The default queue, those that its settings and its tasks name, and those that have a worker of their own; sorted. */
export function ownQueues(app: QueueOwner): readonly string[] {
  const { taskDefaultQueue, taskQueues } = app.conf;
  const tasks = [...app.tasks.values()].flatMap(({ options: { queue } }) => queue ?? []);
  const all = [taskDefaultQueue, ...Object.keys(taskQueues ?? {}), ...tasks, ...mappedQueues(app)];
  return [...new Set(all)].toSorted();
}

/** What is wrong with the variable is the broker's to say. */
function mappedQueues(app: QueueOwner): readonly string[] {
  try {
    return Object.keys(Object(JSON.parse(app.environment("UMBEL_QUEUES") ?? "{}")));
  } catch {
    return [];
  }
}
