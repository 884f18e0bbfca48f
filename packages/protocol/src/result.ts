/**
 * What is stored under `celery-task-meta-<id>` (celery-wire.md 6.1).
 *
 * @module
 */

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
