/**
 * A task as an application holds it: a function that can be called, sent, or made into a signature.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import { chunks as chunksOf, map as mapOf, starmap as starmapOf } from "@umbel/canvas";
import type { Signature as WireSignature } from "@umbel/protocol";
import type { AsyncResult } from "./async-result.ts";
import type { EagerOptions } from "./eager.ts";
import { argumentsFor, countFor, itemsFor, type MapItems } from "./items.ts";
import type { Stored } from "./json.ts";
import type {
  Nameable,
  NamedAfter,
  Naming,
  NeedsNoName,
  NoKwargs,
  OnTheSpot,
  NamingOptions,
  OptionsWith,
  Positional,
} from "./named.ts";
import { madeWith, type NewSignatureOptions } from "./new-signature.ts";
import type { LastArguments, Remaining } from "./partial.ts";
import { widened } from "./sender.ts";
import {
  type ApplyCall,
  bindSignature,
  callOf,
  compositionOf,
  type Complete,
  type EagerApplyCall,
  eagerCallOf,
  type NamedSignature,
  type Signature,
  type SignatureSender,
} from "./signature.ts";
import { shownAsText } from "./shown.ts";
import type { TaskOptions } from "./task-options.ts";
import { linkedIn } from "./wire-options.ts";

/** A declared task: takes `P`, and `K` by name; returns `R`: where that is nothing, null is stored and read. */
export interface Task<P extends readonly unknown[], R, K = NoKwargs> extends Naming<K> {
  /** Runs the task here and now: no message, no state, no signals. Named arguments come last, as one object. */
  (...args: OnTheSpot<P, K>): Promise<R>;
  /** Registered name. */
  readonly name: string;
  readonly options: TaskOptions;
  /**
   * Sends a call. Returns when the broker has it.
   * Throws `ValidationError` and `EncodeError` before anything is sent, `QueueNotFound`, `MessageTooLargeError`,
   * `BrokerRejected`, `BrokerUnavailable`.
   */
  delay(this: NeedsNoName, ...args: P): Promise<AsyncResult<Stored<R>>>;
  /** Sends a call with options, which win over the task's; alone when it takes nothing. Throws as {@link delay}. */
  applyAsync<N, Given>(
    this: Complete & Naming<N>,
    options: OptionsWith<Stored<R>, Nameable<N, Given>>,
  ): Promise<AsyncResult<Stored<R>>>;
  applyAsync<N, Given = undefined>(
    this: NeedsNoName & Naming<N>,
    args: Positional<P, N, Given>,
    options?: OptionsWith<Stored<R>, Nameable<N, Given>>,
  ): Promise<AsyncResult<Stored<R>>>;
  applyAsync<N>(
    this: Naming<N>,
    args: Positional<P, N, N>,
    options: NamingOptions<Stored<R>, N>,
  ): Promise<AsyncResult<Stored<R>>>;
  /** Runs a call in this process, before its handle is returned: see `Signature.apply`. */
  apply(this: Complete, options?: EagerOptions): Promise<AsyncResult<Stored<R>>>;
  apply(args: P, options?: EagerOptions): Promise<AsyncResult<Stored<R>>>;
  /** A signature with its last arguments bound; the others come before them when it is applied. */
  s<S extends LastArguments<P>>(...args: S): PartialSignature<P, S, R, K>;
  /** An immutable signature: it takes nothing from the step before it. */
  si(...args: P): ImmutableSignature<Stored<R>, K>;
  /** A signature with options; an immutable one, with that among them: then it needs all arguments, as {@link si} does. */
  signature<Given extends object = NoKwargs>(
    args: P,
    options: OptionsWith<Stored<R>, Nameable<K, Given>> & { readonly immutable: true },
  ): ImmutableSignature<Stored<R>, NamedAfter<K, Given>>;
  signature<S extends LastArguments<P>, Given extends object = NoKwargs>(
    args: S,
    options?: OptionsWith<Stored<R>, Nameable<K, Given>> & { readonly immutable?: false },
  ): PartialSignature<P, S, R, NamedAfter<K, Given>>;
  /** One call that runs the task for each item in turn; the results as a list. Throws `ImproperlyConfigured` for no list. */
  map(items: MapItems<P>): ImmutableSignature<Stored<R>[]>;
  /** As {@link map}, where each item is a list of arguments. */
  starmap(items: Iterable<Readonly<P>>): ImmutableSignature<Stored<R>[]>;
  /**
   * One call that becomes a group where it is run: a starmap for every `n` items, the last perhaps of fewer; their results
   * as a list of lists. The group itself, to be sent from here, is `chunks(task, items, n)`.
   */
  chunks(items: Iterable<Readonly<P>>, n: number): ImmutableSignature<Stored<R>[][]>;
  /** `<Task: tasks.add>`. */
  toString(): string;
}

/** Any task, whatever it takes and returns: for lists of them. */
export type AnyTask = Task<never, unknown, never>;

/** A signature that takes nothing more, and follows anything. */
export type ImmutableSignature<Out, Named = NoKwargs> = Signature<[], Out, AsyncResult<Out>, readonly unknown[], Named>;

/** A signature of a task that takes `P`, once `S` is bound. (Conditional for the compiler's sake: see `ChainOf`.) */
export type PartialSignature<P extends readonly unknown[], S, R, K = NoKwargs> = [S] extends [
  infer Bound extends readonly unknown[],
]
  ? Signature<Remaining<P, Bound>, Stored<R>, AsyncResult<Stored<R>>, Remaining<P, Bound>, K>
  : never;

/** What a task's handle is made of. */
export interface TaskParts {
  readonly sender: SignatureSender;
  readonly registered: { readonly name: string; readonly options: TaskOptions };
  /** Runs the body, here and now. */
  readonly callHere: (...args: readonly unknown[]) => Promise<unknown>;
}

/** Makes the callable handle of a registered task. What tells one from another is types only; its declaration says which. */
export function createTask(parts: TaskParts): Task<readonly unknown[], unknown>;
export function createTask({ sender, registered, callHere }: TaskParts): object {
  const { name } = registered;
  const wire = (args: readonly unknown[]) => algebra.signature(name, { args });
  const bound = (of: WireSignature, by = sender): NamedSignature<unknown> => bindSignature(by, of);
  const plain = bound(wire([]));
  const methods = {
    delay: async (...args: readonly unknown[]) => await plain.delay(...args),
    applyAsync: async (...given: ApplyCall) => await sender.apply(wire([]), callOf(given)),
    apply: async (...given: EagerApplyCall) => await sender.apply(wire([]), eagerCallOf(given)),
    s: (...args: readonly unknown[]) => bound(wire(args)),
    si: (...args: readonly unknown[]) => bound(algebra.immutable(wire(args))),
    signature: (args: readonly unknown[], options: NewSignatureOptions = {}) =>
      bound(madeWith(wire(args), options), widened(sender, linkedIn(options).map(compositionOf))),
    map: (items: Iterable<unknown>) => bound(mapOf(name, itemsFor(`${name}.map`, items))),
    starmap: (items: Iterable<readonly unknown[]>) => bound(starmapOf(name, argumentsFor(`${name}.starmap`, items))),
    chunks: (items: Iterable<readonly unknown[]>, n: number) => {
      const method = `${name}.chunks`;
      return bound(chunksOf(name, argumentsFor(method, items), countFor(method, n)));
    },
    toString: () => `<Task: ${name}>`,
  } satisfies Record<Exclude<keyof Task<[], unknown>, symbol | "name" | "options">, unknown>;
  const call = async (...args: readonly unknown[]) => await callHere(...args);
  // A function's own `name` is read-only but configurable; Object.assign would refuse it.
  Object.defineProperties(call, {
    name: { value: name },
    options: { get: () => registered.options, enumerable: true },
  });
  return shownAsText(Object.assign(call, methods));
}
