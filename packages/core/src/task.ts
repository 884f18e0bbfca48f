/**
 * A task as an application holds it: a function that can be called, sent, or made into a signature.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import type { Signature as WireSignature } from "@umbel/protocol";
import type { AsyncResult } from "./async-result.ts";
import type { Stored } from "./json.ts";
import type { LastArguments, Remaining } from "./partial.ts";
import { widened } from "./sender.ts";
import {
  type ApplyCall,
  argumentsAndOptions,
  bindSignature,
  compositionOf,
  type Complete,
  type Kwargs,
  type NamingOptions,
  type Positional,
  type Signature,
  type SignatureSender,
} from "./signature.ts";
import type { CallOptions, TaskOptions } from "./task-options.ts";
import { linkedIn, wireOptions } from "./wire-options.ts";

/** A declared task: takes `P`, returns `R`; where `R` is nothing, null is stored and read. */
export interface Task<P extends readonly unknown[], R> {
  /** Runs the task here and now: no message, no state, no signals. */
  (...args: P): Promise<R>;
  /** Registered name. */
  readonly name: string;
  readonly options: TaskOptions;
  /**
   * Sends a call. Returns when the broker has it.
   * Throws `ValidationError` and `EncodeError` before anything is sent, `QueueNotFound`, `MessageTooLargeError`,
   * `BrokerRejected`, `BrokerUnavailable`.
   */
  delay(...args: P): Promise<AsyncResult<Stored<R>>>;
  /** Sends a call with options, which win over the task's; alone when it takes nothing. Throws as {@link delay}. */
  applyAsync(this: Complete, options: CallOptions): Promise<AsyncResult<Stored<R>>>;
  applyAsync<Named extends Kwargs | undefined = undefined>(
    args: Positional<P, Named>,
    options?: NamingOptions<Named>,
  ): Promise<AsyncResult<Stored<R>>>;
  /** A signature with its last arguments bound; the others come before them when it is applied. */
  s<S extends LastArguments<P>>(...args: S): PartialSignature<P, S, R>;
  /** An immutable signature: it takes nothing from the step before it. */
  si(...args: P): ImmutableSignature<Stored<R>>;
  /** A signature with options. */
  signature<S extends LastArguments<P>>(args: S, options?: CallOptions): PartialSignature<P, S, R>;
  /** `<Task: tasks.add>`. */
  toString(): string;
}

/** A signature that takes nothing more, and follows anything. */
export type ImmutableSignature<Out> = Signature<[], Out, AsyncResult<Out>, readonly unknown[]>;

/** A signature of a task that takes `P`, once `S` is bound. (Conditional for the compiler's sake: see `ChainOf`.) */
export type PartialSignature<P extends readonly unknown[], S, R> = [S] extends [infer Bound extends readonly unknown[]]
  ? Signature<Remaining<P, Bound>, Stored<R>>
  : never;

/** Makes the callable handle of a registered task. Its types are what its declaration says. */
export function createTask(
  sender: SignatureSender,
  options: TaskOptions,
  runHere: (...args: readonly unknown[]) => Promise<unknown>,
): Task<readonly unknown[], unknown> {
  const { name } = options;
  const wire = (args: readonly unknown[]) => algebra.signature(name, { args });
  const bound = <In extends readonly unknown[]>(of: WireSignature, by = sender): Signature<In, unknown> =>
    bindSignature(by, of);
  const plain = bound<readonly unknown[]>(wire([]));
  const call = async (...args: readonly unknown[]) => await runHere(...args);
  const methods = {
    options,
    delay: async (...args: readonly unknown[]) => await plain.delay(...args),
    applyAsync: async (...given: ApplyCall) => await plain.applyAsync(...argumentsAndOptions(given)),
    s: <S extends readonly unknown[]>(...args: S) => bound<Remaining<readonly unknown[], S>>(wire(args)),
    si: (...args: readonly unknown[]): ImmutableSignature<unknown> =>
      bindSignature(sender, algebra.immutable(wire(args))),
    signature: <S extends readonly unknown[]>(args: S, given: CallOptions = {}) =>
      bound<Remaining<readonly unknown[], S>>(
        algebra.clone(wire(args), { options: wireOptions(given) }),
        widened(sender, linkedIn(given).map(compositionOf)),
      ),
    toString: () => `<Task: ${name}>`,
  };
  // A function's own `name` is read-only but configurable; Object.assign would refuse it.
  const task = Object.assign(Object.defineProperty(call, "name", { value: name }), methods);
  // Sound: only the types of what `s` and `signature` return differ, and those are chosen by the declaration.
  return task as unknown as Task<readonly unknown[], unknown>;
}
