/**
 * Queues that an application is known to use.
 *
 * @module
 */

import type { Umbel } from "umbel";

/** The default queue, those that its settings and its tasks name, and those that have a worker of their own; sorted. */
export function knownQueues(app: Umbel): readonly string[] {
  const { taskDefaultQueue, taskQueues } = app.conf;
  const tasks = [...app.tasks.values()].flatMap(({ options: { queue } }) => queue ?? []);
  const all = [taskDefaultQueue, ...Object.keys(taskQueues ?? {}), ...tasks, ...mappedQueues(app)];
  return [...new Set(all)].toSorted();
}

/** What is wrong with the variable is the broker's to say. */
function mappedQueues(app: Umbel): readonly string[] {
  try {
    return Object.keys(Object(JSON.parse(app.environment("UMBEL_QUEUES") ?? "{}")));
  } catch {
    return [];
  }
}
