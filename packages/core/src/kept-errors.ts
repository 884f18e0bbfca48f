/**
 * Whether anybody keeps the errors of a task whose results are ignored.
 *
 * @module
 */

import type { CallingApplication } from "./application.ts";

/** The task's option where the task is known, else the application's setting. */
export function keepsErrors({ tasks, conf }: Pick<CallingApplication, "tasks" | "conf">, task: string): boolean {
  return tasks.get(task)?.options.storeErrorsEvenIfIgnored ?? conf.taskStoreErrorsEvenIfIgnored;
}
