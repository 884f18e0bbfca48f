/**
 * The states of a task, and which may follow which.
 *
 * Two views of one life: {@link TaskState} is what Celery stores and shows, {@link RecordState} is what the delivery
 * record keeps (delivery.md 5 to 8, 14). The moves are those of one task as a reader sees it, for whoever folds events and
 * results into a picture; which delivery may run is the store's to judge, by its record.
 *
 * @module
 */

import type { TerminalState } from "./terminal-state.ts";

/** A state that Celery knows by name. A task may set states of its own beside them. */
export type TaskState =
  | "PENDING"
  | "RECEIVED"
  | "STARTED"
  | "SUCCESS"
  | "FAILURE"
  | "REVOKED"
  | "RETRY"
  | "REJECTED"
  | "IGNORED";

/**
 * How a delivery's record stands once an attempt has ended. `RETRY`, `REJECTED` (put back into its queue) and `REPLACED`
 * (by another task under the same id) wait for the next delivery; the others are final. While an attempt runs the record
 * has no such state.
 */
export type RecordState = TerminalState | "RETRY" | "REJECTED" | "REPLACED";

/** What may follow what. A state is never left for one that is not in its list. */
export const transitions: Readonly<Record<TaskState, readonly TaskState[]>> = {
  PENDING: ["RECEIVED", "STARTED", "SUCCESS", "FAILURE", "REVOKED", "RETRY", "REJECTED", "IGNORED"],
  RECEIVED: ["STARTED", "SUCCESS", "FAILURE", "REVOKED", "RETRY", "REJECTED", "IGNORED"],
  STARTED: ["STARTED", "SUCCESS", "FAILURE", "REVOKED", "RETRY", "REJECTED", "IGNORED"],
  RETRY: ["RECEIVED", "STARTED", "SUCCESS", "FAILURE", "REVOKED", "RETRY", "REJECTED", "IGNORED"],
  REJECTED: ["RECEIVED", "STARTED", "SUCCESS", "FAILURE", "REVOKED", "RETRY", "REJECTED", "IGNORED"],
  SUCCESS: [],
  FAILURE: [],
  REVOKED: [],
  IGNORED: [],
};

/** Celery's precedence, highest first (celery/states.py); `null` stands for every state that is not in the list. */
const precedences: readonly (string | null)[] = [
  "SUCCESS",
  "FAILURE",
  null,
  "REVOKED",
  "STARTED",
  "RECEIVED",
  "REJECTED",
  "RETRY",
  "PENDING",
];

/** Rank of a state in Celery's order: 0 is the highest, a state of the user's own stands below FAILURE. */
export function precedence(state: string): number {
  const rank = precedences.indexOf(state);
  return rank === -1 ? precedences.indexOf(null) : rank;
}

/** Whether a waiting caller may stop waiting: SUCCESS, FAILURE or REVOKED. */
export function isReady(state: string): boolean {
  return state === "SUCCESS" || state === "FAILURE" || state === "REVOKED";
}

/** Whether the stored result of this state is an exception: RETRY, FAILURE or REVOKED. */
export function isException(state: string): boolean {
  return state === "RETRY" || state === "FAILURE" || state === "REVOKED";
}

/** Whether `get()` throws for this state: FAILURE or REVOKED. */
export function isPropagated(state: string): boolean {
  return state === "FAILURE" || state === "REVOKED";
}

/** Whether nothing more happens to a task in this state. */
export function isTerminal(state: string): state is TerminalState {
  return isReady(state) || state === "IGNORED";
}

/** Whether a task in state `from` may move to `to`; a state of the user's own moves as STARTED does. */
export function canMove(from: string, to: string): boolean {
  return transitions[ranked(from)].includes(ranked(to));
}

/** The state that has a row in the table for this one. */
function ranked(state: string): TaskState {
  return isTaskState(state) ? state : "STARTED";
}

function isTaskState(state: string): state is TaskState {
  return Object.hasOwn(transitions, state);
}
