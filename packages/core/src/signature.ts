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
import type { Composition } from "./composition.ts";
import type { Scope } from "./scope.ts";
import { senderOf, widened } from "./sender.ts";
import type { CallOptions, Linked } from "./task-options.ts";
import { linkedIn, wireOptions } from "./wire-options.ts";

/** Sends a signature; an application is one. */
export interface SignatureSender {
  /** What can be done with what it sends. */
  readonly composition: Composition;
  /** It sends nothing: what has no step belongs to no application. */
  readonly isNobody?: true;
  apply(wire: WireSignature, call: SignatureCall): Promise<unknown>;
  /** Runs it here and now; `composition` as in {@link SignatureCall}. */
  callHere(wire: WireSignature, composition?: Composition): Promise<unknown>;
}

/** What a signature is applied to. */
export interface SignatureCall {
  readonly args: readonly unknown[];
  readonly options: CallOptions;
  /** The run that this call is a child of; where it is not given, the one that is found. */
  readonly scope?: Scope;
  /** What the signature consists of needs this; the application's own when absent. */
  readonly composition?: Composition;
}

declare const types: unique symbol;

/**
 * One call, or one canvas, that has not been made yet.
 *
 * `In` is what it still takes, `Out` what it returns, `Handle` what sending it gives, `Fed` what the step before it may
 * hand over: the same as `In`, or anything when it is immutable.
 */
export interface Signature<
  in In extends readonly unknown[],
  out Out,
  out Handle = AsyncResult<Out>,
  in Fed = In,
> extends Linked {
  /** Runs it here and now, a canvas call by call: no message, no state, no signals, nothing that is linked. */
  (...args: In): Promise<Out>;
  /** Nothing is stored here: it lets the compiler compare signatures. */
  readonly [types]: SignatureTypes<In, Out, Handle, Fed>;
  /** Celery's form, as it travels. */
  readonly wire: WireSignature;
  /** The application that sends it. */
  readonly sender: SignatureSender;
  /** Sends it as a child of the task whose run `scope` is: what `task.delay` does. */
  applyIn(scope: Scope, args: In, options: CallOptions): Promise<Handle>;
  /** Sends it. Throws `ValidationError`, `EncodeError`, `QueueNotFound`, `BrokerRejected`, `BrokerUnavailable`. */
  delay(...args: In): Promise<Handle>;
  /** Sends it with options, which win over its own; alone when it takes nothing. Throws what {@link delay} throws. */
  applyAsync(this: Complete, options: CallOptions): Promise<Handle>;
  applyAsync<Named extends Kwargs | undefined = undefined>(
    args: Positional<In, Named>,
    options?: NamingOptions<Named>,
  ): Promise<Handle>;
  /** The same with further options. */
  set(options: CallOptions): Signature<In, Out, Handle, Fed>;
  /** The same with named arguments; any number of the others may then be given by place. */
  kwargs(named: Kwargs): Signature<Partial<In>, Out, Handle, Partial<Fed>>;
  /** The same with something to send, with its result, when it succeeds. */
  link(callback: StepThatTakes<Out>): Signature<In, Out, Handle, Fed>;
  /** The same with something to send, with the failure, when it fails. */
  linkError(errback: Linked): Signature<In, Out, Handle, Fed>;
  /** This, then `next` with its result: Celery's `|`. */
  pipe<NextOut, NextHandle>(
    next: StepThatTakes<Out, NextOut, NextHandle>,
  ): [NextOut] extends [infer Last] ? Signature<In, Last, NextHandle, Fed> : never;
  /** As text: `tasks.add(2, 2)`. */
  toString(): string;
  /** Celery's form. */
  toJSON(): WireSignature;
}

/** A signature of which only the result is known. (Conditional for the compiler's sake: see `ChainOf`.) */
export type NamedSignature<Result> = [Result] extends [infer Out] ? Signature<readonly unknown[], Out> : never;

/** Any signature, whatever it takes and returns. */
export type AnySignature = Signature<never, unknown, unknown, never>;

/** A signature that can follow one that returns `Given`. */
export type StepThatTakes<Given, Out = unknown, Handle = unknown> = Signature<never, Out, Handle, [Given]>;

/** What a signature returns. */
export type OutputOf<S> = S extends Typed<SignatureTypes<never, infer Out, unknown, never>> ? Out : never;

/** The handle that sending a signature returns. */
export type HandleOf<S> = S extends Typed<SignatureTypes<never, unknown, infer Handle, never>> ? Handle : never;

/** What a signature still takes from its caller; of several, what each of them takes. */
export type InputOf<S> = [S] extends [Typed<SignatureTypes<infer In, unknown, unknown, never>>] ? In : never;

/** What a signature may be fed by the step before it: anything, when it is immutable. Of several as {@link InputOf}. */
export type FedOf<S> = [S] extends [Typed<SignatureTypes<never, unknown, unknown, infer Fed>>] ? Fed : never;

interface SignatureTypes<in In extends readonly unknown[], out Out, out Handle, in Fed> {
  readonly takes: (args: In) => void;
  readonly returns: Out;
  readonly handle: Handle;
  readonly fed: (args: Fed) => void;
}

interface Typed<Types> {
  readonly [types]: Types;
}

/** A task or a signature that can be sent as it is. */
export interface Complete {
  delay(): Promise<unknown>;
}

/** Arguments by name. */
export type Kwargs = Readonly<Record<string, unknown>>;

/** Options of a call, which may name some of its arguments. */
export type NamingOptions<Named> = CallOptions & { readonly kwargs?: Named };

/** The arguments that are given by place: when others are given by name, the compiler cannot tell how many are left. */
export type Positional<In extends readonly unknown[], Named> = [Named] extends [undefined] ? In : Partial<In>;

/** Binds a wire signature to the application that sends it. Its types are chosen by whoever knows what `wire` is. */
export function bindSignature<In extends readonly unknown[], Out, Handle, Fed>(
  sender: SignatureSender,
  wire: WireSignature,
): Signature<In, Out, Handle, Fed> {
  const next = (changed: WireSignature, linked: readonly Linked[] = []) =>
    bindSignature<never, unknown, unknown, never>(widened(sender, linked.map(compositionOf)), changed);
  const send = async (call: SignatureCall) => await sender.apply(wire, call);
  const call = async (...args: readonly unknown[]) => await sender.callHere(algebra.clone(wire, { args }));
  const bound: Methods = {
    wire,
    sender,
    delay: async (...args: readonly unknown[]) => await send({ args, options: {} }),
    applyAsync: async (...given: ApplyCall) => {
      const [args, options] = argumentsAndOptions(given);
      return await send({ args, options });
    },
    applyIn: async (scope, args, options) => await send({ scope, args, options }),
    set: ({ kwargs = {}, ...options }) =>
      next(algebra.clone(wire, { kwargs, options: wireOptions(options) }), linkedIn(options)),
    kwargs: (named) => next(algebra.clone(wire, { kwargs: named })),
    link: (callback) => next(algebra.link(wire, callback.wire), [callback]),
    linkError: (errback) => next(algebra.linkError(wire, errback.wire), [errback]),
    pipe: (step: AnySignature) => {
      const both = senderOf([{ sender }, step]);
      // Sound: of which types it is, is known to whoever wrote the step.
      return bindSignature(both, both.composition.algebra.pipe(wire, step.wire)) as never;
    },
    toString: () => sender.composition.algebra.print(wire),
    toJSON: () => wire,
  };
  // Sound: what tells one signature from another is types only, and the sender makes the handle from the same `wire`.
  return Object.assign(call, bound) as unknown as Signature<In, Out, Handle, Fed>;
}

/** What a signature has besides being callable. */
type Methods = { readonly [K in keyof AnySignature as K extends typeof types ? never : K]: AnySignature[K] };

/** What a callback brings along. */
export function compositionOf({ sender }: Linked): Composition | undefined {
  return sender?.composition;
}

/** What `applyAsync` may be given: arguments and options, or options only. */
export type ApplyCall =
  | readonly [args: readonly unknown[], options?: CallOptions | undefined]
  | readonly [options: CallOptions];

/** Both of them, whichever were given. */
export function argumentsAndOptions(given: ApplyCall): readonly [args: readonly unknown[], options: CallOptions] {
  const [first, second = {}] = given;
  return isArguments(first) ? [first, second] : [[], first];
}

function isArguments(given: readonly unknown[] | CallOptions): given is readonly unknown[] {
  return Array.isArray(given);
}
