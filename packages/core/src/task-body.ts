/**
 * The types of a task's declaration: what its body gets, what its callers give, and whether that survives JSON.
 *
 * @module
 */

import type { BoundTask } from "./bound-task.ts";
import type { Json, JsonArguments, JsonReturn } from "./json.ts";
import type { TaskOptions } from "./task-options.ts";
import type { ArgumentsSchema } from "./validate.ts";

declare const input: unique symbol;

/** Stands in a compile error for a schema whose input cannot travel: shows where it cannot. */
export interface InputIsNotJson<In> {
  readonly [input]: In;
}

/** Options of a task, with what decides how its body is called. */
export interface TaskDeclaration<
  Bind extends boolean,
  In extends readonly unknown[],
  Out extends readonly unknown[],
> extends TaskOptions {
  /** True: the body gets the running call as its first argument. */
  readonly bind?: Bind;
  /** A schema of the argument list: callers give its input, the body gets its output. */
  readonly args?: ArgumentsSchema<In, Out> & JsonInput<In>;
}

/** A body, as its declaration says that it is called. Without a schema `Out` is never, and the body itself decides. */
export type BodyOf<Bind extends boolean, Out extends readonly unknown[]> = [Bind] extends [true]
  ? (task: BoundTask, ...args: Out) => unknown
  : (...args: Out) => unknown;

/** What callers of a task give: its schema's input, else its body's own parameters. */
export type ParametersOf<Body, Bind extends boolean, In extends readonly unknown[]> = [In] extends [never]
  ? Defined<OwnParameters<Body, Bind>>
  : In;

/** What a body returns in the end. */
export type ReturnOf<Body> = Body extends (...args: never) => infer Returned ? Awaited<Returned> : never;

/** The body that `Body` would be if JSON could carry all that goes in and comes out. */
export type JsonBody<Body, Bind extends boolean, In extends readonly unknown[]> = Body extends (
  ...args: never
) => infer Returned
  ? (...args: JsonParameters<Body, Bind, In>) => JsonReturn<Returned>
  : never;

/** With a schema, what the body gets has been made by it in the worker, and may be anything. */
type JsonParameters<Body, Bind extends boolean, In extends readonly unknown[]> = [In] extends [never]
  ? [Bind] extends [true]
    ? [task: BoundTask, ...JsonArguments<OwnParameters<Body, Bind>>]
    : JsonArguments<OwnParameters<Body, Bind>>
  : never;

type JsonInput<In extends readonly unknown[]> = [In] extends [Json<In>] ? unknown : InputIsNotJson<Json<In>>;

type OwnParameters<Body, Bind extends boolean> = [Bind] extends [true]
  ? Body extends (task: never, ...args: infer Args) => unknown
    ? Args
    : never
  : Body extends (...args: infer Args) => unknown
    ? Args
    : never;

/** A parameter that may be left out is not undefined. */
type Defined<Args extends readonly unknown[]> = { [K in keyof Args]: Exclude<Args[K], undefined> };
