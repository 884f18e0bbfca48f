/**
 * Events: what happened to a task or a worker, for whoever watches (celery-wire.md 10).
 *
 * `args`, `kwargs`, `result` and `exception` are texts for people, Python reprs; see `repr`. Leave `utcoffset` out when
 * writing: a reader takes it for a correction of the timestamp, which is true Unix time already.
 *
 * @module
 */

import * as z from "zod/mini";
import { decode, nullish, type ShapeOf } from "./decode.ts";

/** What every event has. */
export interface EventFields {
  /** Name of the node that says so, `name@host`. */
  readonly hostname: string;
  /** Unix seconds, with a fraction. */
  readonly timestamp: number;
  /** Whole hours that the sender is west of UTC. */
  readonly utcoffset?: number | null;
  readonly pid?: number | null;
  /** Lamport clock of the sender; leave it out rather than send a constant. */
  readonly clock?: number | null;
  readonly [field: string]: unknown;
}

/** What every event of a task has. */
export interface TaskEventFields extends EventFields {
  /** Id of the task. */
  readonly uuid: string;
}

/** A call as events describe it. Only these two types of events tell the task's name. */
export interface CallEventFields extends TaskEventFields {
  readonly name: string;
  readonly args?: string | null;
  readonly kwargs?: string | null;
  readonly root_id?: string | null;
  readonly parent_id?: string | null;
  readonly retries?: number | null;
  readonly eta?: string | null;
  readonly expires?: string | null;
}

/** A client published a task (Celery's `task_send_sent_event`). */
export interface TaskSentEvent extends CallEventFields {
  readonly type: "task-sent";
  readonly queue?: string | null;
  readonly exchange?: string | null;
  readonly routing_key?: string | null;
}

/** A worker took a message. */
export interface TaskReceivedEvent extends CallEventFields {
  readonly type: "task-received";
}

/** An attempt began; or the broker was lost while it ran (`task-cancelled`). */
export interface TaskMarkEvent extends TaskEventFields {
  readonly type: "task-started" | "task-cancelled";
}

/** An attempt returned. */
export interface TaskSucceededEvent extends TaskEventFields {
  readonly type: "task-succeeded";
  readonly result: string;
  /** Seconds. */
  readonly runtime: number;
}

/** An attempt threw, for good (`task-failed`) or to come again (`task-retried`). */
export interface TaskThrewEvent extends TaskEventFields {
  readonly type: "task-failed" | "task-retried";
  readonly exception: string;
  readonly traceback?: string | null;
}

/** A task was revoked, or expired. */
export interface TaskRevokedEvent extends TaskEventFields {
  readonly type: "task-revoked";
  readonly terminated: boolean;
  readonly signum: number | string | null;
  readonly expired: boolean;
}

/** A task was rejected. */
export interface TaskRejectedEvent extends TaskEventFields {
  readonly type: "task-rejected";
  readonly requeue: boolean;
}

/** A worker came, is alive, or goes. */
export interface WorkerEvent extends EventFields {
  readonly type: "worker-online" | "worker-heartbeat" | "worker-offline";
  /** Seconds between heartbeats; twice as long without one and it counts as dead. */
  readonly freq?: number | null;
  readonly active?: number | null;
  readonly processed?: number | null;
  readonly loadavg?: readonly number[] | null;
  readonly sw_ident?: string | null;
  readonly sw_ver?: string | null;
  readonly sw_sys?: string | null;
}

/** Events with a meaning that is laid down. */
export type KnownEvent =
  | TaskSentEvent
  | TaskReceivedEvent
  | TaskMarkEvent
  | TaskSucceededEvent
  | TaskThrewEvent
  | TaskRevokedEvent
  | TaskRejectedEvent
  | WorkerEvent;

/** An event of a program's own: `task-my-progress`. */
export interface CustomEvent extends EventFields {
  readonly type: string;
}

/** Any event. {@link isKnownEvent} tells which kind. */
export type EventBody = KnownEvent | CustomEvent;

const fieldsShape = {
  hostname: z.string().check(z.minLength(1)),
  timestamp: z.number(),
  utcoffset: nullish(z.number()),
  pid: nullish(z.int()),
  clock: nullish(z.int()),
} satisfies ShapeOf<EventFields>;

const taskShape = { ...fieldsShape, uuid: z.string().check(z.minLength(1)) } satisfies ShapeOf<TaskEventFields>;

const callShape = {
  ...taskShape,
  name: z.string().check(z.minLength(1)),
  args: nullish(z.string()),
  kwargs: nullish(z.string()),
  root_id: nullish(z.string()),
  parent_id: nullish(z.string()),
  retries: nullish(z.int()),
  eta: nullish(z.string()),
  expires: nullish(z.string()),
} satisfies ShapeOf<CallEventFields>;

const sentShape = {
  ...callShape,
  type: z.literal("task-sent"),
  queue: nullish(z.string()),
  exchange: nullish(z.string()),
  routing_key: nullish(z.string()),
} satisfies ShapeOf<TaskSentEvent>;

const receivedShape = { ...callShape, type: z.literal("task-received") } satisfies ShapeOf<TaskReceivedEvent>;

const markShape = {
  ...taskShape,
  type: z.enum(["task-started", "task-cancelled"]),
} satisfies ShapeOf<TaskMarkEvent>;

const succeededShape = {
  ...taskShape,
  type: z.literal("task-succeeded"),
  result: z.string(),
  runtime: z.number(),
} satisfies ShapeOf<TaskSucceededEvent>;

const threwShape = {
  ...taskShape,
  type: z.enum(["task-failed", "task-retried"]),
  exception: z.string(),
  traceback: nullish(z.string()),
} satisfies ShapeOf<TaskThrewEvent>;

const revokedShape = {
  ...taskShape,
  type: z.literal("task-revoked"),
  terminated: z.boolean(),
  signum: z.nullable(z.union([z.number(), z.string()])),
  expired: z.boolean(),
} satisfies ShapeOf<TaskRevokedEvent>;

const rejectedShape = {
  ...taskShape,
  type: z.literal("task-rejected"),
  requeue: z.boolean(),
} satisfies ShapeOf<TaskRejectedEvent>;

const workerShape = {
  ...fieldsShape,
  type: z.enum(["worker-online", "worker-heartbeat", "worker-offline"]),
  freq: nullish(z.number()),
  active: nullish(z.int()),
  processed: nullish(z.int()),
  loadavg: nullish(z.array(z.number())),
  sw_ident: nullish(z.string()),
  sw_ver: nullish(z.string()),
  sw_sys: nullish(z.string()),
} satisfies ShapeOf<WorkerEvent>;

const customShape = { ...fieldsShape, type: z.string().check(z.minLength(1)) } satisfies ShapeOf<CustomEvent>;

/** Accepts an event whose type has a meaning that is laid down. */
export const KnownEvent: z.ZodMiniType<KnownEvent> = z.discriminatedUnion("type", [
  z.looseObject(sentShape),
  z.looseObject(receivedShape),
  z.looseObject(markShape),
  z.looseObject(succeededShape),
  z.looseObject(threwShape),
  z.looseObject(revokedShape),
  z.looseObject(rejectedShape),
  z.looseObject(workerShape),
]);

/** Accepts any event. */
export const CustomEvent: z.ZodMiniType<CustomEvent> = z.looseObject(customShape);

/** The types that have a meaning that is laid down: a row for each, which the compiler counts. */
export const knownEventTypes: Readonly<Record<KnownEvent["type"], true>> = {
  "task-sent": true,
  "task-received": true,
  "task-started": true,
  "task-succeeded": true,
  "task-failed": true,
  "task-retried": true,
  "task-revoked": true,
  "task-rejected": true,
  "task-cancelled": true,
  "worker-online": true,
  "worker-heartbeat": true,
  "worker-offline": true,
};

/** Whether an event's type has a meaning that is laid down. */
export function isKnownEvent(event: EventBody): event is KnownEvent {
  return Object.hasOwn(knownEventTypes, event.type);
}

/** Reads one event body. Throws `InvalidMessageError` that names the field. */
export function decodeEvent(value: unknown): EventBody {
  const event = decode(CustomEvent, value, "Event");
  return isKnownEvent(event) ? decode(KnownEvent, event, event.type) : event;
}
