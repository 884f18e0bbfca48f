/**
 * Tasks that are told of failures (delivery.md 17).
 *
 * Linked as `linkError`, one gets the failed call as data. Python's workers send the id of it alone: then the failure is
 * read first.
 *
 * @module
 */

import type { FailedCall } from "@umbel/canvas";
import { failureIn, messageOf, type ResultMeta } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import type { TaskBases } from "./base.ts";
import type { BoundTask } from "./bound-task.ts";
import type { JsonArguments, JsonReturn } from "./json.ts";
import type { ParametersOf } from "./task-body.ts";
import type { TaskOptions } from "./task-options.ts";

/** Options of an errback: a task's, but for those that say what it is called with. */
export interface ErrbackOptions<Bind extends boolean = boolean> extends Omit<TaskOptions, "params" | "typing"> {
  /** True: the body gets the running call as its first argument, the failure as its second. */
  readonly bind?: Bind;
  readonly base?: TaskBases;
}

/** The body of an errback: it gets the failed call, then what it was linked with. */
export type ErrbackBody<Bind extends boolean> = [Bind] extends [true]
  ? (task: BoundTask, failure: FailedCall, ...others: never[]) => unknown
  : (failure: FailedCall, ...others: never[]) => unknown;

/** The body that `Body` would be if JSON could carry what it is linked with, and what it returns; as `JsonBody`. */
export type JsonErrback<Body, Bind extends boolean> = Body extends (...args: never) => infer Returned
  ? (...args: [...Bound<Bind>, failure: never, ...JsonArguments<OthersOf<Body, Bind>>]) => JsonReturn<Returned>
  : never;

type Bound<Bind extends boolean> = [Bind] extends [true] ? [task: BoundTask] : [];

type OthersOf<Body, Bind extends boolean> =
  ParametersOf<Body, Bind, never> extends readonly [_failure?: unknown, ...others: infer Others] ? Others : [];

/**
 * Arguments as an errback's body takes them: a bare id is replaced by the failed call, read from the backend.
 * Throws `TypeError` for what is neither, `NotSupportedError` where an id comes and there is no backend.
 */
export async function tellFailure(
  app: CallingApplication,
  task: BoundTask,
  [told, ...others]: readonly unknown[],
): Promise<readonly unknown[]> {
  if (typeof told === "string") return [await readFailure(app, told, task.request.rootId), ...others];
  if (typeof told === "object" && told !== null && "id" in told) return [told, ...others];
  throw new TypeError(`${task.name}() takes a failed call, or the id of one`);
}

async function readFailure(app: CallingApplication, id: string, rootId: string): Promise<FailedCall> {
  const [meta] = await app.backend.read([id]);
  const unknown = {
    id,
    rootId,
    task: "",
    args: [],
    kwargs: {},
    retries: 0,
    state: "FAILURE",
    traceback: null,
  } as const;
  if (meta === undefined) return { ...unknown, excType: "", excMessage: "Nothing is stored of it" };
  const failure = failureIn(meta.result);
  return {
    ...unknown,
    ...factsIn(meta),
    state: meta.status === "REVOKED" ? "REVOKED" : "FAILURE",
    excType: failure.exc_type,
    excMessage: messageOf(failure),
    traceback: meta.traceback ?? null,
  };
}

/** What an extended result says of its call. */
function factsIn({ name, args, kwargs, retries }: ResultMeta): Partial<FailedCall> {
  return {
    ...(typeof name === "string" && { task: name }),
    ...(Array.isArray(args) && { args }),
    ...(isNamed(kwargs) && { kwargs }),
    ...(typeof retries === "number" && { retries }),
  };
}

function isNamed(kwargs: unknown): kwargs is FailedCall["kwargs"] {
  return typeof kwargs === "object" && kwargs !== null && !Array.isArray(kwargs);
}
