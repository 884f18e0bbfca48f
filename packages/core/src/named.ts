/**
 * Arguments by name, as far as the compiler knows them. Types only.
 *
 * A task that is declared with a schema of `kwargs` says which names it takes, and which of them cannot be left out.
 * With `params` its places have names as well, which the compiler does not know: then any name passes, and the caller's
 * check at run time has the last word.
 *
 * @module
 */

import type { FailedCall } from "@umbel/canvas";
import type { StepThatTakes } from "./signature.ts";
import type { CallOptions } from "./task-options.ts";

/** Arguments by name, whichever they are. */
export type Kwargs = Readonly<Record<string, unknown>>;

/** Nothing is taken by name. */
export type NoKwargs = { readonly [Name in never]: Name };

declare const naming: unique symbol;

/**
 * A task or a signature that takes `Named` by name. Its methods ask for it as their `this`, so that what they take can
 * depend on it while the compiler still compares signatures by what they take.
 */
export interface Naming<in Named> {
  /** Nothing is stored here. */
  readonly [naming]: (named: Named) => void;
}

/** A task or a signature that can be sent without any name: nothing is needed by name, or all that is has been given. */
export type NeedsNoName = Naming<NoKwargs>;

/** What a signature takes by name; of several, what each of them takes. Of any signature nothing is known. */
export type NamedOf<S> = [S] extends [Naming<infer Named>] ? ([Named] extends [never] ? Kwargs : Named) : never;

/** What a call on the spot takes: named arguments come last, as one object. */
export type OnTheSpot<In extends readonly unknown[], Named> = [keyof KnownOf<Named>] extends [never]
  ? In
  : NoKwargs extends Named
    ? [...In, named?: Named]
    : [...In, named: Named];

/** The arguments that are given by place: when others are given by names of places, any number of them may be left out. */
export type Positional<In, Named, Given> = string extends keyof Named
  ? [Given] extends [undefined]
    ? In
    : Partial<In>
  : In;

/** The same, once something has been named. */
export type PlacesAfter<In, Named> = string extends keyof Named ? Partial<In> : In;

/** What may be named at once: any of the names that are known, each with its type, and no other. */
export type Nameable<Named, Given> = Partial<Named> & {
  [K in keyof Given]: K extends keyof Named ? Named[K] : NoSuchName<keyof Named>;
};

/** Stands in a compile error for a name that is not among these. */
export interface NoSuchName<Names> {
  readonly [names]: Names;
}

declare const names: unique symbol;

/** What is still to be named once `Given` has been: that may be left out, or be given anew. */
export type NamedAfter<Named, Given, Key extends keyof Named = keyof Named & keyof Given> = NoKwargs extends Named
  ? Named
  : string extends keyof Named
    ? Flat<Omit<KnownOf<Named>, Key> & Partial<KnownOf<Named>>> & Kwargs
    : Flat<Omit<Named, Key> & Partial<Named>>;

/** Options of a call of something that returns `Out`, with what it is given by name. */
export interface NamingOptions<Out, Named> extends OptionsOf<Out> {
  readonly kwargs: [keyof Named] extends [never] ? NoSuchName<never> : Named;
}

/** The same, where nothing has to be. */
export interface OptionsWith<Out, Named> extends OptionsOf<Out> {
  readonly kwargs?: Named;
}

/** Options of a call of something that returns `Out`, but for what it is given by name. */
export interface OptionsOf<Out> extends Omit<CallOptions, "kwargs" | "link" | "linkError"> {
  /** Sent when the task succeeds, each with its result as first argument. */
  readonly link?: Callback<Out> | readonly Callback<Out>[];
  /** Sent when the task fails for good, each with the failure as first argument. */
  readonly linkError?: Errback | readonly Errback[];
}

/** What can follow something that returns `Given`: a signature that takes it, or a task. */
export type Callback<Given> = StepThatTakes<Given> | TaskThatTakes<Given>;

/** What can be told of a failure: a signature that takes the failed call, or a task. */
export type Errback = Callback<FailedCall>;

/** A task whose only argument `Given` can be. */
export interface TaskThatTakes<Given> {
  s(): StepThatTakes<Given>;
}

/** The names that the compiler knows. */
type KnownOf<Named> = { [K in keyof Named as string extends K ? never : K]: Named[K] };

type Flat<T> = { [K in keyof T]: T[K] };
