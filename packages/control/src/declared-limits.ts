/**
 * What is in force again once nothing else is asked for: an answer that names no limit could be taken for none at all.
 *
 * @module
 */

import { limitsIn } from "@umbel/core";
import type { Desk } from "./desk.ts";

/** A line about the rate that a task declares; empty where this program does not have the task. */
export function declaredRate({ app }: Desk, task: string): string {
  const options = app.tasks.get(task)?.options;
  if (options === undefined) return "";
  const rate = options.rateLimit ?? app.conf.taskDefaultRateLimit;
  if (limitsIn(rate) === undefined) return `\n${task} declares none: no limit is in force`;
  return `\n${task} goes by what it declares: ${typeof rate === "string" ? rate : JSON.stringify(rate)}`;
}

/** The same of its time limits. */
export function declaredTimes(task: string): string {
  return `\n${task} goes by those that it declares`;
}
