/**
 * Tasks that are told of failures (delivery.md 17).
 *
 * Linked as `linkError`, one gets the failed call as data.
 *
 * @module
 */

import type { FailedCall } from "@umbel/canvas";
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
