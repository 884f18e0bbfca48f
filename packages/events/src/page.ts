/**
 * Tasks in order, as many as are asked for.
 *
 * @module
 */

import { compareMoments } from "./moment.ts";
import type { Task } from "./task.ts";

/** Which part of a list of tasks is wanted. */
export interface Page {
  /** Most tasks; all when absent. */
  readonly limit?: number;
  /** How many are left out at the beginning. */
  readonly offset?: number;
  /** The last one first, which is the default. */
  readonly reverse?: boolean;
}

/** Tasks by the last that was heard of them, in the order of the logical clock. */
export function pageByTime(tasks: Iterable<Task>, page: Page = {}): readonly Task[] {
  return cut(Array.from(tasks).toSorted(byMoment), page);
}

/** Tasks by the last that was heard of them, in the order of the clocks on the senders' walls. */
export function pageByTimestamp(tasks: Iterable<Task>, page: Page = {}): readonly Task[] {
  return cut(Array.from(tasks).toSorted(byTimestamp), page);
}

function byMoment(one: Task, other: Task): number {
  return compareMoments(one.heard, other.heard);
}

function byTimestamp(one: Task, other: Task): number {
  return one.heard.timestamp - other.heard.timestamp;
}

function cut(tasks: readonly Task[], { limit = Infinity, offset = 0, reverse = true }: Page): readonly Task[] {
  const ordered = reverse ? tasks.toReversed() : tasks;
  return ordered.slice(Math.max(0, offset), Math.max(0, offset) + Math.max(0, limit));
}
