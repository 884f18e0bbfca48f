/**
 * What an event changes in a task (celery-semantics.md 6.4).
 *
 * Events come out of order. One whose state stands below the task's in Celery's order is late: the state stays. Celery's own
 * rules but for two: a late `task-retried` does not reopen a task that has ended, and no late event sets
 * back the time and clock of the state (celery-semantics.md 14.16).
 *
 * @module
 */

import { type EventBody, isReady, precedence } from "@umbel/protocol";
import { toldOfTask } from "./event-fields.ts";
import type { Moment } from "./moment.ts";
import type { TaskModel } from "./task.ts";

/** The state after an event of Celery's. */
const states = {
  sent: "PENDING",
  received: "RECEIVED",
  started: "STARTED",
  failed: "FAILURE",
  retried: "RETRY",
  succeeded: "SUCCESS",
  revoked: "REVOKED",
  rejected: "REJECTED",
} as const;

type Subject = keyof typeof states;

/** Names that are on every event, or are written elsewhere. */
const envelope: ReadonlySet<string> = new Set([
  "type",
  "uuid",
  "hostname",
  "timestamp",
  "clock",
  "pid",
  "utcoffset",
  "local_received",
]);

/** What a late `task-received` still brings: what the call was. */
const ofCall: ReadonlySet<string> = new Set([
  "name",
  "args",
  "kwargs",
  "parent_id",
  "root_id",
  "retries",
  "eta",
  "expires",
]);

/** What a late `task-retried` still brings, where nothing later has. */
const ofAttempt: ReadonlySet<string> = new Set(["exception", "traceback"]);
const nothing: ReadonlySet<string> = new Set();

/** Most fields of a program's own that are kept of a task: a sender who makes up new names does not fill the memory. */
const mostExtra = 100;

/** An event of a task. */
export interface TaskEvent {
  readonly subject: string;
  readonly body: EventBody;
  readonly moment: Moment;
}

/** Changes a task by an event; says whether the event was late. */
export function mergeTask(task: TaskModel, { subject, body, moment }: TaskEvent): boolean {
  const state = stateAfter(subject);
  const isLate = comesLate(state, task.state);
  if (isSubject(subject)) task[subject] = body.timestamp;
  merge(task, body, isLate ? broughtLate(state, task) : undefined);
  if (isLate) return true;
  task.state = state;
  task.timestamp = moment.timestamp;
  task.clock = moment.clock;
  return false;
}

function stateAfter(subject: string): string {
  return isSubject(subject) ? states[subject] : subject.toUpperCase();
}

function isSubject(subject: string): subject is Subject {
  return Object.hasOwn(states, subject);
}

function comesLate(next: string, current: string): boolean {
  if (next === "RETRY") return isReady(current);
  return current !== "RETRY" && precedence(next) > precedence(current);
}

/** The fields that a late event may still fill; all when undefined. */
function broughtLate(state: string, task: TaskModel): ReadonlySet<string> | undefined {
  if (state === "RECEIVED") return ofCall;
  if (state === "RETRY") return task.exception === null ? ofAttempt : nothing;
  return undefined;
}

function merge(task: TaskModel, body: EventBody, only: ReadonlySet<string> | undefined): void {
  for (const name of Object.keys(body)) {
    if (only ? !only.has(name) : envelope.has(name)) continue;
    if (toldOfTask.get(name)?.fill(task, body[name]) !== true) keepExtra(task, name, body[name]);
  }
}

function keepExtra(task: TaskModel, name: string, value: unknown): void {
  const names = Object.keys(task.extra);
  if (names.length >= mostExtra && !names.includes(name)) return;
  // Not an assignment: a field named __proto__ is a field.
  task.extra = Object.fromEntries([...Object.entries(task.extra), [name, value]]);
}
