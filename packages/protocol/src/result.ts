/**
 * What is stored under `celery-task-meta-<id>` (celery-wire.md 6.1).
 *
 * @module
 */

import * as z from "zod/mini";
import type { StoredGroup } from "./backend.ts";
import { IsoDate } from "./date.ts";
import { decode, nullish, type ShapeOf } from "./decode.ts";
import { EncodeError } from "./errors.ts";
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

const tuple: z.ZodMiniType<ResultTuple> = z.lazy(() => ResultTuple);

/** Accepts a result tuple and all tuples in it. */
export const ResultTuple: z.ZodMiniType<ResultTuple> = z.tuple([
  z.tuple([z.string().check(z.minLength(1)), z.nullable(tuple)]),
  z.nullable(z.array(tuple)),
]);

const shape = {
  status: z.string().check(z.minLength(1)),
  result: z.unknown(),
  traceback: z.prefault(z.nullable(z.string()), null),
  children: z.prefault(z.nullable(z.array(tuple)), null),
  date_done: z.prefault(z.nullable(IsoDate), null),
  task_id: z.string().check(z.minLength(1)),
  group_id: nullish(z.string()),
  parent_id: nullish(z.string()),
  name: nullish(z.string()),
  args: z.exactOptional(z.unknown()),
  kwargs: z.exactOptional(z.unknown()),
  worker: nullish(z.string()),
  retries: nullish(z.int()),
  queue: nullish(z.string()),
} satisfies ShapeOf<ResultMeta>;

/** Accepts what is stored for a task. Only status, result and task id must be there, as for Celery. */
export const ResultMeta: z.ZodMiniType<ResultMeta> = z.looseObject(shape);

const Group: z.ZodMiniType<{ readonly result: ResultTuple }> = z.looseObject({ result: ResultTuple });

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
  return decode(ResultMeta, parseJson(text), "Result");
}

/** Writes what is stored under `celery-taskset-meta-<group id>`. */
export function encodeGroup(group: StoredGroup): string {
  return writeJson({ result: group.tuple });
}

/** Reads what is stored under `celery-taskset-meta-<id>`. Throws `InvalidMessageError` that names the field. */
export function decodeGroup(id: string, text: string): StoredGroup {
  return { id, tuple: decode(Group, parseJson(text), "Group").result };
}
