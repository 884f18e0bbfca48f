/**
 * The types of a task's declaration: what its body gets, what its callers give, and whether that survives JSON.
 *
 * @module
 */

import type { TaskBases } from "./base.ts";
import type { BoundTask } from "./bound-task.ts";
import type { TaskHooks } from "./hooks.ts";
import type { Json, JsonArguments, JsonReturn } from "./json.ts";
import type { Kwargs, NoKwargs } from "./named.ts";
import type { TaskOptions } from "./task-options.ts";
import type { ArgumentsSchema, KwargsSchema } from "./validate.ts";

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
  Named extends object = never,
  Made = never,
  Params extends readonly string[] = never,
  Result = unknown,
>
  extends Omit<TaskOptions, "onSuccess">, Pick<TaskHooks<Result>, "onSuccess"> {
  /** True: the body gets the running call as its first argument. */
  readonly bind?: Bind;
  /** A schema of the argument list: callers give its input, the body gets its output. */
  readonly args?: ArgumentsSchema<In, Out> & JsonInput<In>;
  /** A schema of what is given by name, an object: the body gets its output as its last argument. */
  readonly kwargs?: KwargsSchema<Named, Made> & JsonInput<Named>;
  readonly params?: Params;
  /** Options that this task shares with others; its own win, then the first of several. */
  readonly base?: TaskBases;
}

/**
 * A body, as its declaration says that it is called. Without a schema of the list the body itself decides what comes by
 * place: then its constraint must not say anything, so that {@link BodyWithNamed} can.
 */
export type BodyOf<Bind extends boolean, Out extends readonly unknown[], Made> = [Made] extends [never]
  ? [Bind] extends [true]
    ? (task: BoundTask, ...args: Out) => unknown
    : (...args: Out) => unknown
  : [Out] extends [never]
    ? object
    : [Bind] extends [true]
      ? (task: BoundTask, ...args: [...Out, named: Made]) => unknown
      : (...args: [...Out, named: Made]) => unknown;

/**
 * Tells the compiler, for a body whose last parameter has no type, that it is for what is given by name. No body is of this
 * type, which has a signature for each number of parameters; the compiler takes the type of a parameter from those
 * signatures that have it: `Made` from the one that ends there, nothing from longer ones.
 */
export type BodyWithNamed<Bind extends boolean, Out, Made> = [Made] extends [never]
  ? never
  : [Out] extends [never]
    ? [Bind] extends [true]
      ? NamedAfterPlaces<[task: BoundTask], Made>
      : NamedAfterPlaces<[], Made>
    : never;

type NamedAfterPlaces<First extends readonly unknown[], Made> = ((...args: [...First, Made]) => unknown) &
  ((...args: [...First, never, Made]) => unknown) &
  ((...args: [...First, never, never, Made]) => unknown) &
  ((...args: [...First, never, never, never, Made]) => unknown) &
  ((...args: [...First, never, never, never, never, Made]) => unknown) &
  ((...args: [...First, never, never, never, never, never, Made]) => unknown) &
  ((...args: [...First, never, never, never, never, never, never, Made]) => unknown) &
  ((...args: [...First, never, never, never, never, never, never, never, Made]) => unknown) &
  ((...args: [...First, never, never, never, never, never, never, never, never, Made]) => unknown);

/** What callers of a task give: its schema's input, else its body's own parameters. */
export type ParametersOf<Body, Bind extends boolean, In extends readonly unknown[], Made = never> = [In] extends [never]
  ? Places<Body, Bind, Made> extends infer Args extends readonly unknown[]
    ? Defined<Args>
    : never
  : In;

/** What callers of a task may give by name: what its schema says; with names for its places, those as well. */
export type NamedParametersOf<Named, Params> = [Params] extends [never]
  ? [Named] extends [never]
    ? NoKwargs
    : Named
  : [Named] extends [never]
    ? Kwargs
    : Named & Kwargs;

/** What a body returns in the end. */
export type ReturnOf<Body> = Body extends (...args: never) => infer Returned ? Awaited<Returned> : never;

/** Says nothing, unless `onSuccess` is declared to take something: then the body is held to return that. */
export type Returning<Result> = unknown extends Result
  ? unknown
  : (...args: never) => Result | Promise<Result> | (null extends Result ? void | Promise<void> : never);

/** The body that `Body` would be if JSON could carry all that goes in and comes out. */
export type JsonBody<Body, Bind extends boolean, In extends readonly unknown[], Made = never> = Body extends (
  ...args: never
) => infer Returned
  ? (...args: JsonParameters<Body, Bind, In, Made>) => JsonReturn<Returned>
  : never;

/** With a schema, what the body gets has been made by it in the worker, and may be anything. */
type JsonParameters<Body, Bind extends boolean, In extends readonly unknown[], Made> = [In] extends [never]
  ? [...Bound<Bind>, ...JsonArguments<Places<Body, Bind, Made>>, ...Last<Made>]
  : never;

type Bound<Bind extends boolean> = [Bind] extends [true] ? [task: BoundTask] : [];

type Last<Made> = [Made] extends [never] ? [] : [named: Made];

type JsonInput<In> = [In] extends [Json<In>] ? unknown : InputIsNotJson<Json<In>>;

/** A body's parameters by place: without the running call, and without the object of what is given by name. */
type Places<Body, Bind extends boolean, Made> = [Made] extends [never]
  ? OwnParameters<Body, Bind>
  : WithoutLast<OwnParameters<Body, Bind>>;

type WithoutLast<Args extends readonly unknown[]> = Args extends readonly []
  ? []
  : Required<Args> extends readonly [...infer Head extends readonly unknown[], unknown]
    ? Head
    : [NoLastParameter];

/** Stands in a compile error for a body whose last parameter is a rest: nothing can come after it. */
export interface NoLastParameter {
  readonly [last]: "what is given by name comes last: a rest parameter leaves no place for it";
}

declare const last: unique symbol;

type OwnParameters<Body, Bind extends boolean> = [Bind] extends [true]
  ? Body extends (task: never, ...args: infer Args) => unknown
    ? Args
    : never
  : Body extends (...args: infer Args) => unknown
    ? Args
    : never;

/** A parameter that may be left out is not undefined. */
type Defined<Args extends readonly unknown[]> = { [K in keyof Args]: Exclude<Args[K], undefined> };
