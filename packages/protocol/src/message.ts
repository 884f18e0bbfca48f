/**
 * One task call on the wire: Celery's message protocol 2, and the two forms in which it reaches a worker.
 *
 * @module
 */

import * as z from "zod/mini";
import { AnyObject, nullish, type ShapeOf } from "./decode.ts";
import { IsoDate } from "./iso-date.ts";
import { longestId } from "./longest-id.ts";
import { isReference, misfitOfReference, type Reference } from "./reference.ts";
import { Signature } from "./signature.ts";

/** Headers of protocol 2 (celery-wire.md 3.1). Headers of the caller's own stand beside them. */
export interface TaskHeaders {
  /** Language of the sender: `js` when we send. */
  readonly lang?: string | null;
  /** Registered task name. */
  readonly task: string;
  /** Id of this call, any text of 1 to {@link longestId} characters; also the key of its result. */
  readonly id: string;
  /** A name for logs in place of `task`. */
  readonly shadow?: string | null;
  /** ISO 8601; the task does not run before it. */
  readonly eta?: string | null;
  /** ISO 8601; the first claim of an attempt after it revokes the task. */
  readonly expires?: string | null;
  readonly group?: string | null;
  readonly group_index?: number | null;
  /** 0 on the first try. */
  readonly retries?: number | null;
  /** Hard limit first, then soft; seconds. */
  readonly timelimit?: readonly [number | null, number | null] | null;
  readonly root_id?: string | null;
  readonly parent_id?: string | null;
  readonly argsrepr?: string | null;
  readonly kwargsrepr?: string | null;
  readonly origin?: string | null;
  readonly ignore_result?: boolean | null;
  readonly replaced_task_nesting?: number | null;
  readonly stamped_headers?: readonly string[] | null;
  readonly stamps?: Readonly<Record<string, unknown>> | null;
  readonly [custom: string]: unknown;
}

/** Properties of the message; what is not known is carried along unchanged (celery-wire.md 2). */
export interface TaskProperties {
  readonly correlation_id?: string | null;
  readonly reply_to?: string | null;
  readonly priority?: number | null;
  /** Ours: the queue that the message was sent to. */
  readonly queue?: string | null;
  /** Ours: counts deliberate re-sends of the same attempt, 0 when absent (delivery.md 3). */
  readonly generation?: number | null;
  /** Ours: it may be delivered before its eta, as its broker holds nothing longer, and is then to be sent on (delivery.md 19). */
  readonly early?: boolean | null;
  /** Ours: attempts under this id by the tasks that this one has replaced, 0 when absent. */
  readonly attempts_before?: number | null;
  /** Ours, of a member that was added to its chord: its place among those (see `ChordPart.added`). */
  readonly added_at?: readonly number[] | null;
  /** Ours, of a member of a chord: ids of members that it has added so far, in earlier attempts. */
  readonly additions?: readonly string[] | null;
  /** Ours: how often this attempt was put back into its queue, 0 when absent. Whoever replays a message leaves it out. */
  readonly requeues?: number | null;
  /** Ours: with which calls of its task it shares its limits, where they do not all share them. */
  readonly flow_key?: string | null;
  readonly [property: string]: unknown;
}

/** What must follow this call. */
export interface TaskEmbed {
  /** Sent on success, each with the result as its first argument. */
  readonly callbacks?: readonly Signature[] | null;
  /** Called on failure. */
  readonly errbacks?: readonly Signature[] | null;
  /** What remains of the chain, **reversed**: the last element runs next. */
  readonly chain?: readonly Signature[] | null;
  /** Body of the chord that this call is a member of. */
  readonly chord?: Signature | null;
  /** Ours: where the arguments are kept, when they are too long for a message; `args` and `kwargs` are empty then. */
  readonly given?: Reference | null;
}

/** `[args, kwargs, embed]`. */
export type TaskBody = readonly [
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  embed: TaskEmbed | null,
];

/** One task call. */
export interface TaskMessage {
  readonly headers: TaskHeaders;
  readonly properties: TaskProperties;
  readonly body: TaskBody;
}

/** The body of a push in our own form (delivery.md 1): a task message with a version, nothing in base64. */
export interface PushEnvelope extends TaskMessage {
  /** Version of this form; another one is answered with 5xx, so that a rolling deploy loses nothing. */
  readonly v: 1;
}

const id = z.string().check(z.minLength(1), z.maxLength(longestId));
const limit = z.nullable(z.number());

const headersShape = {
  lang: nullish(z.string()),
  task: z.string().check(z.minLength(1)),
  id,
  shadow: nullish(z.string()),
  eta: nullish(IsoDate),
  expires: nullish(IsoDate),
  group: nullish(z.string()),
  group_index: nullish(z.int()),
  retries: nullish(z.int().check(z.minimum(0))),
  timelimit: nullish(z.tuple([limit, limit])),
  root_id: nullish(z.string()),
  parent_id: nullish(z.string()),
  argsrepr: nullish(z.string()),
  kwargsrepr: nullish(z.string()),
  origin: nullish(z.string()),
  ignore_result: nullish(z.boolean()),
  replaced_task_nesting: nullish(z.int()),
  stamped_headers: nullish(z.array(z.string())),
  stamps: nullish(AnyObject),
} satisfies ShapeOf<TaskHeaders>;

const propertiesShape = {
  correlation_id: nullish(z.string()),
  reply_to: nullish(z.string()),
  priority: nullish(z.number()),
  queue: nullish(z.string()),
  generation: nullish(z.int().check(z.minimum(0))),
  early: nullish(z.boolean()),
  attempts_before: nullish(z.int().check(z.minimum(0))),
  added_at: nullish(z.array(z.int())),
  additions: nullish(z.array(z.string().check(z.minLength(1)))),
  requeues: nullish(z.int().check(z.minimum(0))),
  flow_key: nullish(z.string()),
} satisfies ShapeOf<TaskProperties>;

const embedShape = {
  callbacks: nullish(z.array(Signature)),
  errbacks: nullish(z.array(Signature)),
  chain: nullish(z.array(Signature)),
  chord: nullish(Signature),
  given: nullish(z.custom<Reference>(isReference, { error: ({ input }) => misfitOfReference(input) ?? "" })),
} satisfies ShapeOf<TaskEmbed>;

/** Accepts `[args, kwargs, embed]`: three elements, as anything else kills a Python worker. */
export const TaskBody: z.ZodMiniType<TaskBody> = z.tuple([
  z.array(z.unknown()),
  AnyObject,
  z.nullable(z.looseObject(embedShape)),
]);

const shape = {
  headers: z.looseObject(headersShape),
  properties: z.looseObject(propertiesShape),
  body: TaskBody,
} satisfies ShapeOf<TaskMessage>;

/** Accepts a task message from an untrusted source, with headers and properties that this version does not know. */
export const TaskMessage: z.ZodMiniType<TaskMessage> = z.looseObject(shape);
