/**
 * A task as inspection shows it (celery-wire.md 11.3).
 *
 * @module
 */

import * as z from "zod/mini";
import { decode, nullish, type ShapeOf } from "./decode.ts";
import { parseJson } from "./json.ts";

/** Where a message was. */
export interface TaskInfoDelivery {
  /** Ours has none. */
  readonly exchange: string;
  /** The queue. */
  readonly routing_key: string;
  readonly priority?: number | null;
  readonly redelivered?: boolean | null;
}

/** What Celery's `active`, `reserved`, `scheduled` and `query_task` say of a task. */
export interface TaskInfo {
  readonly id: string;
  readonly name: string;
  /** The arguments as a text for people, in Python's words: `(2, 3)`. */
  readonly args: string;
  readonly kwargs: string;
  /** The name once more, as in Celery. */
  readonly type: string;
  /** Name of the worker that holds it; null while none does. */
  readonly hostname: string | null;
  /** Unix seconds; null while it has not begun. */
  readonly time_start: number | null;
  /** Whether its message was acknowledged before it ran. */
  readonly acknowledged: boolean;
  readonly delivery_info: TaskInfoDelivery;
  readonly worker_pid: number | null;
  /** What Celery does not show. */
  readonly retries?: number;
  readonly root_id?: string | null;
  readonly parent_id?: string | null;
  readonly [field: string]: unknown;
}

const deliveryShape = {
  exchange: z.string(),
  routing_key: z.string(),
  priority: nullish(z.number()),
  redelivered: nullish(z.boolean()),
} satisfies ShapeOf<TaskInfoDelivery>;

const shape = {
  id: z.string().check(z.minLength(1)),
  name: z.string(),
  args: z.string(),
  kwargs: z.string(),
  type: z.string(),
  hostname: z.nullable(z.string()),
  time_start: z.nullable(z.number()),
  acknowledged: z.boolean(),
  delivery_info: z.looseObject(deliveryShape),
  worker_pid: z.nullable(z.int()),
  retries: z.exactOptional(z.int()),
  root_id: nullish(z.string()),
  parent_id: nullish(z.string()),
} satisfies ShapeOf<TaskInfo>;

/** Accepts what a claim told of its task. */
export const TaskInfo: z.ZodMiniType<TaskInfo> = z.looseObject(shape);

/** Reads it as it was kept. Throws `InvalidMessageError` that names the field. */
export function decodeTaskInfo(text: string): TaskInfo {
  return decode(TaskInfo, parseJson(text), "Task info");
}
