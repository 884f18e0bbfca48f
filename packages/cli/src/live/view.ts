/**
 * What a person has chosen to see of the tasks, and which of them are seen then.
 *
 * @module
 */

import type { State, Task } from "umbel/events";

/** What a person is asked, and answers with the next keys. */
export type Question = "filter" | "revoke" | "terminate";

/** What a person has chosen to see. */
export interface View {
  /** The task that is pointed at; the first one when it is not there. */
  readonly selected: string | undefined;
  /** Whether all that is known of it is shown. */
  readonly isOpen: boolean;
  /** Only tasks with each of these words in their name, id, state or worker, in whatever case; empty for all. */
  readonly filter: string;
  readonly asked: Question | undefined;
  /** A line about what was done last. */
  readonly note: string;
}

/** Columns and rows of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A screenful of tasks. */
export interface Page {
  readonly tasks: readonly Task[];
  /** The one that is pointed at; undefined where there is none at all. */
  readonly pointed: Task | undefined;
  /** From 1. */
  readonly number: number;
  readonly count: number;
}

/** What is seen at the beginning: all, from the last that was heard of on. */
export const firstView: View = { selected: undefined, isOpen: false, filter: "", asked: undefined, note: "" };

/** Rows that are no task's: two above the list, two beneath. */
const frame = 4;

/** How many tasks there is room for. */
export function roomOf({ rows }: Size): number {
  return Math.max(rows - frame, 1);
}

/** The tasks that the filter lets through, the last heard of first. */
export function filtered(state: State, { filter }: View): readonly Task[] {
  const tasks = state.tasksByTime();
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return words.length === 0 ? tasks : tasks.filter((task) => has(task, words));
}

/** The page of them with the task that is pointed at: pages are turned whole, so that the list stands still meanwhile. */
export function pageOf(tasks: readonly Task[], { selected }: View, size: Size): Page {
  const room = roomOf(size);
  const at = Math.max(
    tasks.findIndex(({ uuid }) => uuid === selected),
    0,
  );
  const nth = Math.floor(at / room);
  return {
    tasks: tasks.slice(nth * room, (nth + 1) * room),
    pointed: tasks[at],
    number: nth + 1,
    count: Math.max(Math.ceil(tasks.length / room), 1),
  };
}

/** The state to show: in the model, as in Celery's, a task that was rejected stays what it was before. */
export function shownState({ state, rejected, ready, timestamp }: Task): string {
  return rejected !== null && !ready && rejected >= timestamp ? "REJECTED" : state;
}

function has(task: Task, words: readonly string[]): boolean {
  const text = [task.name, task.uuid, shownState(task), task.worker?.hostname].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}
