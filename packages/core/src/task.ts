/**
 * A task as an application holds it: a function that can be called, sent, or made into a signature.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import type { AsyncResult } from "./async-result.ts";
import type { DropLast, Tails } from "./fit.ts";
import { bindSignature, type Signature, type SignatureSender } from "./signature.ts";
import type { CallOptions, TaskOptions } from "./task-options.ts";
import { wireOptions } from "./wire-options.ts";

/** A declared task: takes `P`, returns `R`. */
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
  delay(...args: P): Promise<AsyncResult<R>>;
  /** Sends a call with options, which win over the task's. Throws what {@link delay} throws. */
  applyAsync(args: P, options?: CallOptions): Promise<AsyncResult<R>>;
  /** A signature with its last arguments bound; the others come before them when it is applied. */
  s<S extends Tails<P>>(...args: S): Signature<DropLast<P, S>, R>;
  /** An immutable signature: it takes nothing from the step before it. */
  si(...args: P): Signature<[], R, AsyncResult<R>, readonly unknown[]>;
  /** A signature with options. */
  signature<S extends Tails<P>>(args: S, options?: CallOptions): Signature<DropLast<P, S>, R>;
  /** `<Task: tasks.add>`. */
  toString(): string;
}

/** Makes the callable handle of a registered task. */
export function createTask<P extends readonly unknown[], R>(
  sender: SignatureSender,
  options: TaskOptions,
  runHere: (...args: P) => Promise<R>,
): Task<P, R> {
  const { name } = options;
  const wire = (args: readonly unknown[]) => algebra.signature(name, { args });
  const call = async (...args: P) => await runHere(...args);
  const methods = {
    options,
    delay: async (...args: P) => await bound<P>(wire([])).delay(...args),
    applyAsync: async (args: P, given?: CallOptions) => await bound<P>(wire([])).applyAsync(args, given),
    s: <S extends Tails<P>>(...args: S) => bound<DropLast<P, S>>(wire(args)),
    si: (...args: P) => bindSignature<[], R, AsyncResult<R>, readonly unknown[]>(sender, algebra.immutable(wire(args))),
    signature: <S extends Tails<P>>(args: S, given: CallOptions = {}) =>
      bound<DropLast<P, S>>(algebra.clone(wire(args), { options: wireOptions(given) })),
    toString: () => `<Task: ${name}>`,
  };
  // A function's own `name` is read-only but configurable; Object.assign would refuse it.
  return Object.assign(Object.defineProperty(call, "name", { value: name }), methods);

  function bound<In extends readonly unknown[]>(signature: Parameters<typeof bindSignature>[1]) {
    return bindSignature<In, R, AsyncResult<R>, In>(sender, signature);
  }
}
