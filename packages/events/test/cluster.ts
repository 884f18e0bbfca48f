/**
 * Events of a small cluster, for tests.
 *
 * @module
 */

import { State, type StateOptions, type Task } from "../src/index.ts";

/** When things begin here, in Unix seconds. */
export const start = 1_795_000_000;

/** An event of a task at `start + at`, by w1@host; `uuid` is t1. */
export function task(subject: string, at: number, fields: Readonly<Record<string, unknown>> = {}): object {
  return { type: `task-${subject}`, hostname: "w1@host", timestamp: start + at, uuid: "t1", ...fields };
}

/** An event of w1@host at `start + at`. */
export function worker(subject: string, at: number, fields: Readonly<Record<string, unknown>> = {}): object {
  return { type: `worker-${subject}`, hostname: "w1@host", timestamp: start + at, ...fields };
}

/** A state that has heard these events, each at the start. */
export function stateAfter(events: readonly object[], options: StateOptions = {}): State {
  const state = new State({ now: () => start * 1000, ...options });
  for (const event of events) state.event(event);
  return state;
}

/** The task t1 after these events. */
export function taskAfter(...events: readonly object[]): Task {
  const found = stateAfter(events).tasks.get("t1");
  if (!found) throw new Error("No event told of t1");
  return found;
}

/** Their ids. */
export function idsOf(tasks: Iterable<Task>): readonly string[] {
  return Array.from(tasks, ({ id }) => id);
}
