/**
 * What is stored under `celery-task-meta-<id>` (celery-wire.md 6.1).
 *
 * @module
 */

import type { StoredGroup } from "./backend.ts";
import { anything, type ChecksOf, free, isName, maybe, maybeText, misfitIn, someText } from "./check.ts";
import { isDate } from "./date.ts";
import { EncodeError, InvalidMessageError } from "./errors.ts";
import { isPlainObject } from "./json-value.ts";
import { parseJson, writeJson } from "./json.ts";

/** `[[id, parent], null]` for a task, `[[group id, parent], [member, ...]]` for a group (celery-wire.md 6.3). */
export type ResultTuple = readonly [
  self: readonly [id: string, parent: ResultTuple | null],
  members: readonly ResultTuple[] | null,
];

/** A task's state and result in Celery's form. */
export interface ResultMeta {
  /** A {@link TaskState} or a state of the task's own. PENDING is never stored. */
  readonly status: string;
  /** The value; a {@link FailureData} for FAILURE, RETRY and REVOKED; the meta of a custom state. */
  readonly result: unknown;
  readonly traceback: string | null;
  /** What this task sent. */
  readonly children: readonly ResultTuple[] | null;
  /** ISO 8601, only when the state is final. */
  readonly date_done: string | null;
  readonly task_id: string;
  readonly group_id?: string | null;
  readonly parent_id?: string | null;
  /** These six only with `resultExtended`. */
  readonly name?: string | null;
  readonly args?: unknown;
  readonly kwargs?: unknown;
  readonly worker?: string | null;
  readonly retries?: number | null;
  readonly queue?: string | null;
  readonly [extended: string]: unknown;
}

/** What each field must be. Only status, result and task id must be there, as for Celery. */
export const resultChecks: ChecksOf<ResultMeta> = {
  status: someText,
  result: anything,
  traceback: maybeText,
  children: maybe("a list of result tuples", isTuples),
  date_done: maybe("an ISO 8601 date and time", (value) => typeof value === "string" && isDate(value)),
  task_id: someText,
  group_id: maybeText,
  parent_id: maybeText,
  name: maybeText,
  args: free,
  kwargs: free,
  worker: maybeText,
  retries: maybe("an integer", Number.isSafeInteger),
  queue: maybeText,
};

/**
 * Writes what is stored under `celery-task-meta-<id>`, no value as null. Throws `EncodeError` when the value is not JSON,
 * and when there is no status: nobody could read that.
 */
export function encodeResult(meta: ResultMeta): string {
  if (meta.status === "") throw new EncodeError(`The result of ${meta.task_id} has an empty status`);
  return writeJson({ ...meta, result: meta.result ?? null });
}

/** Reads what is stored under `celery-task-meta-<id>`. Throws `InvalidMessageError` that names the field. */
export function decodeResult(text: string): ResultMeta {
  const value = parseJson(text);
  if (isResult(value)) return wholeResult(value);
  throw new InvalidMessageError(`Result: ${misfitOfResult(value)}`);
}

/** A result as a foreign writer may leave it. */
export type StoredResult = Pick<ResultMeta, "status" | "result" | "task_id"> & Partial<ResultMeta>;

/** Whether a value is what is stored for a task. */
export function isResult(value: unknown): value is StoredResult {
  return misfitOfResult(value) === undefined;
}

/** What is wrong with a value as what is stored for a task. Undefined when nothing is. */
export function misfitOfResult(value: unknown): string | undefined {
  return misfitIn(value, resultChecks);
}

/** The same with the fields that are missing. */
export function wholeResult(result: StoredResult): ResultMeta {
  return { traceback: null, children: null, date_done: null, ...result };
}

/** Writes what is stored under `celery-taskset-meta-<group id>`. */
export function encodeGroup(group: StoredGroup): string {
  return writeJson({ result: group.tuple });
}

/** Reads what is stored under `celery-taskset-meta-<id>`. Throws `InvalidMessageError`. */
export function decodeGroup(id: string, text: string): StoredGroup {
  const group = parseJson(text);
  if (isPlainObject(group) && isResultTuple(group["result"])) return { id, tuple: group["result"] };
  throw new InvalidMessageError("Group: result is no result tuple");
}

/** Whether a value is Celery's form of a handle. */
export function isResultTuple(value: unknown): value is ResultTuple {
  if (!isPair(value)) return false;
  const [self, members] = value;
  if (!isPair(self) || !isName(self[0])) return false;
  return (self[1] === null || isResultTuple(self[1])) && (members === null || isTuples(members));
}

function isTuples(value: unknown): boolean {
  return Array.isArray(value) && value.every(isResultTuple);
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}
