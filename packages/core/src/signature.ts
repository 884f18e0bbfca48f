/**
 * A signature as an application holds it: Celery's wire form, bound to the app that can send it.
 *
 * Immutable: every method that changes something returns another signature.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import type { Signature as WireSignature } from "@umbel/protocol";
import type { AsyncResult } from "./async-result.ts";
import type { Fits, HandleOf, OutputOf } from "./fit.ts";
import type { Scope } from "./scope.ts";
import type { CallOptions, Linked } from "./task-options.ts";
import { wireOptions } from "./wire-options.ts";

/** Sends a signature, and runs one on the spot; an application is one. */
export interface SignatureSender {
  apply(wire: WireSignature, call: SignatureCall): Promise<unknown>;
}

/** What a signature is applied to. */
export interface SignatureCall {
  readonly args: readonly unknown[];
  readonly options: CallOptions;
  /** The run that this call is a child of; where it is not given, the one that is found. */
  readonly scope?: Scope;
}

declare const fed: unique symbol;
declare const returned: unique symbol;

/**
 * One call, or one canvas, that has not been made yet.
 *
 * `In` is what it still takes, `Out` what it returns, `Handle` what sending it gives, `Fed` what the step before it may
 * hand over.
 */
export interface Signature<In extends readonly unknown[], Out, Handle = AsyncResult<Out>, Fed = In> extends Linked {
  /** Celery's form, as it travels. */
  readonly wire: WireSignature;
  /** The application that sends it. */
  readonly sender: SignatureSender;
  /** Sends it as a child of the task whose run `scope` is: what `task.delay` does. */
  applyIn(scope: Scope, args: In, options: CallOptions): Promise<Handle>;
  /** Sends it. Throws `ValidationError`, `EncodeError`, `QueueNotFound`, `BrokerRejected`, `BrokerUnavailable`. */
  delay(...args: In): Promise<Handle>;
  /** Sends it with options, which win over its own. Throws what {@link delay} throws. */
  applyAsync(args?: In, options?: CallOptions): Promise<Handle>;
  /** The same with further options. */
  set(options: CallOptions): Signature<In, Out, Handle, Fed>;
  /** The same with named arguments. */
  kwargs(named: Readonly<Record<string, unknown>>): Signature<In, Out, Handle, Fed>;
  /** The same with something to send when it succeeds. */
  link(callback: Linked): Signature<In, Out, Handle, Fed>;
  /** The same with something to send when it fails. */
  linkError(errback: Linked): Signature<In, Out, Handle, Fed>;
  /** This, then `next` with its result: Celery's `|`. */
  pipe<Next extends AnySignature>(
    next: Fits<Signature<In, Out, Handle, Fed>, Next> extends true ? Next : never,
  ): Signature<In, OutputOf<Next>, HandleOf<Next>, Fed>;
  /** As text: `tasks.add(2, 2)`. */
  toString(): string;
  /** Celery's form. */
  toJSON(): WireSignature;
  readonly [fed]?: (args: Fed) => void;
  readonly [returned]?: Out;
}

/** Any signature, whatever it takes and returns. */
export type AnySignature = Signature<never, unknown, unknown, never>;

/** Binds a wire signature to the application that sends it. */
export function bindSignature<In extends readonly unknown[], Out, Handle, Fed>(
  sender: SignatureSender,
  wire: WireSignature,
): Signature<In, Out, Handle, Fed> {
  const next = (changed: WireSignature) => bindSignature<In, Out, Handle, Fed>(sender, changed);
  // Sound: `Handle` is chosen by whoever knows what `wire` is; the sender makes the handle from the same `wire`.
  const send = async (call: SignatureCall) => (await sender.apply(wire, call)) as Handle;
  return {
    wire,
    sender,
    delay: async (...args) => await send({ args, options: {} }),
    applyAsync: async (args, options = {}) => await send({ args: args ?? [], options }),
    applyIn: async (scope, args, options) => await send({ scope, args, options }),
    set: ({ kwargs = {}, ...options }) => next(algebra.clone(wire, { kwargs, options: wireOptions(options) })),
    kwargs: (named) => next(algebra.clone(wire, { kwargs: named })),
    link: (callback) => next(algebra.link(wire, callback.wire)),
    linkError: (errback) => next(algebra.linkError(wire, errback.wire)),
    pipe: (following) => bindSignature(sender, algebra.pipe(wire, following.wire)),
    toString: () => algebra.print(wire),
    toJSON: () => wire,
  };
}
