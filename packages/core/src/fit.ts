/**
 * What the compiler knows of a canvas: which arguments a signature still takes, what it returns, and what fits behind
 * what. Types only.
 *
 * @module
 */

import type { AsyncResult } from "./async-result.ts";
import type { GroupResult } from "./group-result.ts";
import type { AnySignature, Signature } from "./signature.ts";

/** The argument lists that may be bound to a task: its last ones, since new arguments are prepended, as in Celery. */
export type Tails<P extends readonly unknown[]> = P extends readonly [unknown, ...infer R]
  ? P | Tails<R>
  : P | readonly [];

/** What a task still takes once its last arguments are bound. */
export type DropLast<P extends readonly unknown[], N extends readonly unknown[]> = N extends readonly [
  unknown,
  ...infer Rest,
]
  ? P extends readonly [...infer Head, unknown]
    ? DropLast<Head, Rest>
    : never
  : P;

/** What a signature's task returns. */
export type OutputOf<S> = S extends Signature<infer _In, infer Out, infer _Handle, infer _Fed> ? Out : never;

/** What a signature still takes from its caller. */
export type InputOf<S> = S extends Signature<infer In, infer _Out, infer _Handle, infer _Fed> ? In : never;

/** What a signature may be fed by the step before it: anything, when it is immutable. */
export type FedOf<S> = S extends Signature<infer _In, infer _Out, infer _Handle, infer Fed> ? Fed : never;

/** The handle that sending a signature returns. */
export type HandleOf<S> = S extends Signature<infer _In, infer _Out, infer Handle, infer _Fed> ? Handle : never;

/** Whether `Next` can run with what `Previous` returns. */
export type Fits<Previous, Next> = [OutputOf<Previous>] extends FedOf<Next> ? true : false;

/** A list of steps, or the same list with the first step that does not fit replaced by what it is not given. */
export type CheckSteps<T extends readonly AnySignature[]> = T extends readonly [
  infer A,
  infer B,
  ...infer R extends readonly AnySignature[],
]
  ? Fits<A, B> extends true
    ? readonly [A, ...CheckSteps<readonly [B & AnySignature, ...R]>]
    : readonly [A, { readonly "step does not take": OutputOf<A> }, ...R]
  : T;

/** The last of a list. */
export type LastOf<T extends readonly unknown[]> = T extends readonly [...unknown[], infer L] ? L : T[number];

/** The results of signatures, in order. */
export type OutputsOf<T extends readonly AnySignature[]> = { -readonly [K in keyof T]: OutputOf<T[K]> };

/** What every member of a group takes. */
export type SharedFed<T extends readonly AnySignature[]> = (
  T[number] extends infer S ? (S extends unknown ? (fed: FedOf<S>) => void : never) : never
) extends (fed: infer Fed) => void
  ? Fed extends readonly unknown[]
    ? Fed
    : never
  : never;

/** What a group takes from its caller: nothing, when every member is immutable. */
export type SharedInput<T extends readonly AnySignature[]> =
  readonly unknown[] extends SharedFed<T> ? [] : SharedFed<T>;

/** A chain of steps. */
export type ChainSignature<T extends readonly AnySignature[]> = Signature<
  InputOf<T[0]>,
  OutputOf<LastOf<T>>,
  HandleOf<LastOf<T>>,
  FedOf<T[0]>
>;

/** A group of members. */
export type GroupSignature<T extends readonly AnySignature[]> = Signature<
  SharedInput<T>,
  OutputsOf<T>,
  GroupResult<OutputsOf<T>>,
  SharedFed<T>
>;

/** A chord: a body that gets the results of a header. */
export type ChordSignature<T extends readonly AnySignature[], Body> = Signature<
  SharedInput<T>,
  OutputOf<Body>,
  AsyncResult<OutputOf<Body>>,
  SharedFed<T>
>;
