/**
 * A signature as it travels: Celery's JSON, whole (celery-wire.md 8.1).
 *
 * @module
 */

import * as z from "zod/mini";
import { AnyObject, decode, nullish, problemOf, type ShapeOf } from "./decode.ts";
import { IsoDate } from "./iso-date.ts";
import { isReference, misfitOfReference, referredName } from "./reference.ts";

/** Options of a signature, by Celery's names. What this version does not know is carried along. */
export interface SignatureOptions {
  readonly task_id?: string | null;
  readonly root_id?: string | null;
  readonly parent_id?: string | null;
  readonly group_id?: string | null;
  readonly group_index?: number | null;
  readonly chord?: Signature | null;
  readonly chain?: readonly Signature[] | null;
  readonly link?: Signature | readonly Signature[] | null;
  readonly link_error?: Signature | readonly Signature[] | null;
  /** Seconds, reckoned when the signature is applied. */
  readonly countdown?: number | null;
  /** ISO 8601. */
  readonly eta?: string | null;
  /** Seconds from when the signature is applied, or ISO 8601. */
  readonly expires?: number | string | null;
  readonly queue?: string | null;
  readonly priority?: number | null;
  /** Ours: priority of the task that makes the call, where the call has none of its own (`taskInheritParentPriority`). */
  readonly parent_priority?: number | null;
  readonly retries?: number | null;
  readonly shadow?: string | null;
  readonly ignore_result?: boolean | null;
  /** Hard limit, seconds. */
  readonly time_limit?: number | null;
  /** Soft limit, seconds. */
  readonly soft_time_limit?: number | null;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly reply_to?: string | null;
  /** Shown in place of the arguments, in logs and events. */
  readonly argsrepr?: string | null;
  readonly kwargsrepr?: string | null;
  /** Whether, and how, the call that publishes it is repeated when it was refused for now. */
  readonly retry?: boolean | null;
  readonly retry_policy?: Readonly<Record<string, unknown>> | null;
  /** Whether the call is among the children of the task that makes it; true when absent. */
  readonly add_to_parent?: boolean | null;
  /** Ours: where the queue's worker listens, when the queue is not the receiver's own (delivery.md 23). */
  readonly target?: string | null;
  /** How often the task of this id was replaced by another (celery-semantics.md 1.8). */
  readonly replaced_task_nesting?: number | null;
  /** Ours, on a replacement: attempts under its id before it. */
  readonly attempts_before?: number | null;
  /** Ours, on a member that was added to its chord: its place among those (see `ChordPart.added`). */
  readonly added_at?: readonly number[] | null;
  /** Ours, on a member of a chord: ids of members that it has added so far. */
  readonly additions?: readonly string[] | null;
  /** Ours, on what stands for the rest of a chain: how its nodes lie in each other, to end them should they be gone. */
  readonly outline?: readonly unknown[] | null;
  /** Ours, on a chord's body: how many members must end before it runs (Celery 4 used this name too). */
  readonly chord_size?: number | null;
  /** Ours, on a chord's body: `collect` runs the body although members failed; `fail` is the default. */
  readonly on_error?: "fail" | "collect" | null;
  /** Names of the stamps, each of which is an option of its own. */
  readonly stamped_headers?: readonly string[] | null;
  readonly [option: string]: unknown;
}

/** What kind of canvas a signature is; `null` is a plain task (and map, starmap, chunks on the wire). */
export type SubtaskType = "chain" | "group" | "chord" | "chunks" | "xmap" | "xstarmap" | null;

/** One call, or one canvas, that has not been made yet. */
export interface Signature {
  /** Task name, or `celery.chain`, `celery.group`, `celery.chord`. */
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: SignatureOptions;
  readonly subtask_type: SubtaskType;
  /** Takes no arguments from whoever applies it. */
  readonly immutable: boolean;
}

const one: z.ZodMiniType<Signature> = z.lazy(() => Signature);
const list = z.array(one);
const oneOrList = z.union([list, one]);

const optionsShape = {
  task_id: nullish(z.string()),
  root_id: nullish(z.string()),
  parent_id: nullish(z.string()),
  group_id: nullish(z.string()),
  group_index: nullish(z.int()),
  chord: nullish(one),
  chain: nullish(list),
  link: nullish(oneOrList),
  link_error: nullish(oneOrList),
  countdown: nullish(z.number()),
  eta: nullish(IsoDate),
  expires: nullish(z.union([z.number(), IsoDate])),
  queue: nullish(z.string()),
  priority: nullish(z.number()),
  parent_priority: nullish(z.number()),
  retries: nullish(z.int().check(z.minimum(0))),
  shadow: nullish(z.string()),
  ignore_result: nullish(z.boolean()),
  time_limit: nullish(z.number()),
  soft_time_limit: nullish(z.number()),
  headers: nullish(AnyObject),
  reply_to: nullish(z.string()),
  argsrepr: nullish(z.string()),
  kwargsrepr: nullish(z.string()),
  retry: nullish(z.boolean()),
  retry_policy: nullish(AnyObject),
  add_to_parent: nullish(z.boolean()),
  target: nullish(z.string()),
  replaced_task_nesting: nullish(z.int()),
  attempts_before: nullish(z.int().check(z.minimum(0))),
  added_at: nullish(z.array(z.int())),
  additions: nullish(z.array(z.string().check(z.minLength(1)))),
  outline: nullish(z.array(z.unknown())),
  chord_size: nullish(z.int()),
  on_error: nullish(z.enum(["fail", "collect"])),
  stamped_headers: nullish(z.array(z.string())),
} satisfies ShapeOf<SignatureOptions>;

const shape = {
  task: z.string().check(z.minLength(1)),
  args: z.prefault(z.array(z.unknown()), []),
  kwargs: z.prefault(AnyObject, {}),
  options: z.prefault(z.looseObject(optionsShape), {}),
  subtask_type: z.prefault(z.nullable(z.enum(["chain", "group", "chord", "chunks", "xmap", "xstarmap"])), null),
  immutable: z.prefault(z.boolean(), false),
} satisfies ShapeOf<Signature>;

/** Accepts a reference, which is checked by hand, as the kwargs that it is. */
const AnyReference: typeof AnyObject = z.custom<Readonly<Record<string, unknown>>>(isReference, {
  error: ({ input }) => misfitOfReference(input) ?? "",
});

/** Schemas of a canvas's kwargs, by its task name. */
const parts: ReadonlyMap<string, typeof AnyObject> = new Map<string, typeof AnyObject>([
  ["celery.chain", z.looseObject({ tasks: list })],
  ["celery.group", z.looseObject({ tasks: list })],
  ["celery.chord", z.looseObject({ header: oneOrList, body: one })],
  ["celery.chunks", z.looseObject({ task: one })],
  ["celery.map", z.looseObject({ task: one })],
  ["celery.starmap", z.looseObject({ task: one })],
  [referredName, AnyReference],
]);

/** Accepts a signature at any depth; fields that are missing get the values that Celery gives them. */
export const Signature: z.ZodMiniType<Signature> = z.looseObject(shape).check(z.check(readParts));

/** Reads a signature and all signatures in it. Throws `InvalidMessageError` that names the field. */
export function decodeSignature(value: unknown): Signature {
  return decode(Signature, value, "Signature");
}

function readParts(payload: z.core.ParsePayload<Signature>): void {
  const { task, kwargs } = payload.value;
  const outcome = parts.get(task)?.safeParse(kwargs);
  if (!outcome) return;
  if (outcome.success) {
    payload.value = { ...payload.value, kwargs: outcome.data };
    return;
  }
  const problems = outcome.error.issues.map(problemOf);
  payload.issues.push(
    ...problems.map(({ path, reason }) => ({
      code: "custom" as const,
      message: reason,
      input: kwargs,
      path: ["kwargs", ...path],
    })),
  );
}
