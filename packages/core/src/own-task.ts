/**
 * Tasks of ours: what an application says of all of its tasks is not said of these.
 *
 * They begin canvases and tell who waits, may be run again at any time, and take the time that it takes: no limit of the
 * application's own tasks may leave that undone.
 *
 * @module
 */

/** Whether a task is one of ours, by its name. */
export function isOwnTask(name: string): boolean {
  return name.startsWith("umbel.");
}
