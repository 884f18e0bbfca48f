/**
 * A signature as an application holds it: Celery's wire form, bound to the app that can send it.
 *
 * Immutable: every method that changes something returns another signature.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import { flattenLinks, isEqual } from "@umbel/canvas";
import { ImproperlyConfigured, type Signature as WireSignature } from "@umbel/protocol";
import type { AsyncResult } from "./async-result.ts";
import type { Composition } from "./composition.ts";
import { checkKind, record } from "./kinds.ts";
import { type Linkable, type Linked, linkedOf, stepOf } from "./linked.ts";
import type {
  Callback,
  Errback,
  Kwargs,
  Nameable,
  NamedAfter,
  Naming,
  NeedsNoName,
  NoKwargs,
  NamingOptions,
  OptionsOf,
  OptionsWith,
  PlacesAfter,
  Positional,
} from "./named.ts";
import type { EagerCall, EagerOptions } from "./eager.ts";
import type { FedAfter, LastArguments, Remaining } from "./partial.ts";
import type { Scope } from "./scope.ts";
import { setTo } from "./new-signature.ts";
import { senderOf, widened } from "./sender.ts";
import type { Skew } from "./skew.ts";
import { shownAsText } from "./shown.ts";
import type { CallOptions } from "./task-options.ts";
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
  /** Whose place it takes: its id, and what is said of its end besides. */
  readonly place?: { readonly id: string; readonly options: WireSignature["options"] };
  /** Runs it in this process, whatever the settings say. */
  readonly eager?: EagerCall;
}

declare const types: unique symbol;

/**
 * One call, or one canvas, that has not been made yet.
 *
 * `In` is what it still takes, `Out` what it returns, `Handle` what sending it gives, `Fed` what the step before it may
 * hand over: the same as `In`, or anything when it is immutable. `Named` is what it takes by name; what must be given has
 * to be given before it is sent.
 */
export interface Signature<
  in In extends readonly unknown[],
  out Out,
  out Handle = AsyncResult<Out>,
  in Fed = In,
  in Named = NoKwargs,
>
  extends Linked, Naming<Named> {
  /** Runs it here and now, a canvas call by call: no message, no state, no signals, nothing that is linked. */
  (...args: In): Promise<Out>;
  /** Nothing is stored here: it lets the compiler compare signatures. */
  readonly [types]: SignatureTypes<In, Out, Handle, Fed>;
  /** Celery's form, as it travels. */
  readonly wire: WireSignature;
  /** The application that sends it. */
  readonly sender: SignatureSender;
  /** Sends it, types unchecked, as a child of the task whose run `scope` is: what `task.delay` does. */
  applyIn(scope: Scope | undefined, args: readonly unknown[], options: UntypedOptions): Promise<Handle>;
  /** Sends it. Throws `ValidationError`, `EncodeError`, `QueueNotFound`, `BrokerRejected`, `BrokerUnavailable`. */
  delay(this: NeedsNoName, ...args: In): Promise<Handle>;
  /** Sends it with options, which win over its own; alone when it takes nothing. Throws what {@link delay} throws. */
  applyAsync<N, Given>(this: Complete & Naming<N>, options: OptionsWith<Out, Nameable<N, Given>>): Promise<Handle>;
  applyAsync<N, Given = undefined>(
    this: NeedsNoName & Naming<N>,
    args: Positional<In, N, Given>,
    options?: OptionsWith<Out, Nameable<N, Given>>,
  ): Promise<Handle>;
  applyAsync<N>(this: Naming<N>, args: Positional<In, N, N>, options: NamingOptions<Out, N>): Promise<Handle>;
  /**
   * Runs it in this process, before the handle is returned, with states, signals, retries and all that is linked: Celery's
   * `apply`. With `throw` it throws what a task fails of. Throws `ImproperlyConfigured` where the bundle lacks what it needs.
   */
  apply(this: Complete, options?: EagerOptions): Promise<Handle>;
  apply(args: In, options?: EagerOptions): Promise<Handle>;
  /** Another one, with further options: a signature never changes, so take what is returned. */
  set(options: OptionsOf<Out>): Signature<In, Out, Handle, Fed, Named>;
  /** The same with named arguments, which win over those that it has; a canvas hands them to whatever starts it. */
  kwargs<Given extends object, N>(
    this: Naming<N>,
    named: Nameable<N, Given>,
  ): [N] extends [infer Own]
    ? Signature<PlacesAfter<In, Own>, Out, Handle, PlacesAfter<Fed, Own>, NamedAfter<Own, Given>>
    : never;
  /**
   * Another one with further arguments, which come before those that it has, and with further options, which win over its own;
   * alone options do. Throws `ImproperlyConfigured` for arguments of an immutable one.
   */
  clone<N, Given = undefined>(
    this: Naming<N>,
    options?: OptionsWith<Out, Nameable<N, Given>>,
  ): [N] extends [infer Own]
    ? Signature<Positional<In, Own, Given>, Out, Handle, Positional<Fed, Own, Given>, NamedAfter<Own, Given>>
    : never;
  clone<Own extends readonly unknown[], Feeds, N, S extends LastArguments<Own>, Given = undefined>(
    this: Taking<Own, Feeds> & Naming<N>,
    args: readonly [...S],
    options?: OptionsWith<Out, Nameable<N, Given>>,
  ): [N, Remaining<Own, S>] extends [infer Names, infer Left extends readonly unknown[]]
    ? Signature<
        Positional<Left, Names, Given>,
        Out,
        Handle,
        Positional<FedAfter<Own, S, Feeds>, Names, Given>,
        NamedAfter<Names, Given>
      >
    : never;
  /** Another one, with something to send, with its result, when it succeeds; the one it is called on has nothing more. */
  link(callback: Callback<Out>): Signature<In, Out, Handle, Fed, Named>;
  /** Another one, with something to send, with the failure, when it fails; as {@link link}. */
  linkError(errback: Errback): Signature<In, Out, Handle, Fed, Named>;
  /** {@link linkError}, by its other name in Celery. */
  onError(errback: Errback): Signature<In, Out, Handle, Fed, Named>;
  /** This and all that is linked to it, at any depth: callbacks and errbacks. */
  flattenLinks(): readonly AnySignature[];
  /** Whether both are of the same call, or canvas, with the same arguments and options. */
  equals(other: Pick<AnySignature, "wire">): boolean;
  /** This, then `next` with its result: Celery's `|`. */
  pipe<NextOut, NextHandle>(
    next: StepThatTakes<Out, NextOut, NextHandle>,
  ): [NextOut] extends [infer Last] ? Signature<In, Last, NextHandle, Fed, Named> : never;
  /** As text: `tasks.add(2, 2)`. */
  toString(): string;
  /** Celery's form. */
  toJSON(): WireSignature;
}

/** Options of a call; what is given by name is what its task takes. */
type UntypedOptions = Omit<CallOptions, "kwargs"> & { readonly kwargs?: unknown };

/** A signature of which only the result is known. (Conditional for the compiler's sake: see `ChainOf`.) */
export type NamedSignature<Result> = [Result] extends [infer Out]
  ? Signature<readonly unknown[], Out, AsyncResult<Out>, readonly unknown[], Kwargs>
  : never;

/** Any signature, whatever it takes and returns. */
export type AnySignature = Signature<never, unknown, unknown, never, never>;

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

/** A signature that takes `In` from its caller, and may be fed `Fed`. */
export type Taking<In extends readonly unknown[], Fed> = Typed<SignatureTypes<In, unknown, unknown, Fed>>;

interface SignatureTypes<in In extends readonly unknown[], out Out, out Handle, in Fed> {
  readonly takes: (args: In) => void;
  readonly returns: Out;
  readonly handle: Handle;
  readonly fed: (args: Fed) => void;
}

/** A task or a signature that can be sent as it is. */
export interface Complete {
  delay(): Promise<unknown>;
}

interface Typed<Types> {
  readonly [types]: Types;
}

/** Binds a wire signature to the application that sends it. Its types are chosen by whoever knows what `wire` is. */
export function bindSignature<In extends readonly unknown[], Out, Handle, Fed, Named>(
  sender: SignatureSender,
  wire: WireSignature,
): Signature<In, Out, Handle, Fed, Named> {
  const next = (changed: WireSignature, linked: readonly Linked[] = []) =>
    bindSignature<never, unknown, unknown, never, never>(widened(sender, linked.map(compositionOf)), changed);
  const linked = (by: typeof algebra.link, given: Linkable) => {
    const all = linkedOf([given].flat());
    const changed = all.reduce((to, each) => by(to, each.wire), wire);
    return next(changed, all);
  };
  const send = async (call: SignatureCall) => await sender.apply(wire, call);
  const call = async (...args: readonly unknown[]) => await sender.callHere(algebra.clone(wire, { args }));
  const bound = {
    wire,
    sender,
    delay: async (...args: readonly unknown[]) => await send({ args, options: {} }),
    applyAsync: async (...given: ApplyCall) => await send(callOf(given)),
    apply: async (...given: ApplyCall) => await send(eagerCallOf(given)),
    applyIn: async (scope: Scope | undefined, args: readonly unknown[], options: CallOptions) =>
      await send({ args, options, ...(scope === undefined ? {} : { scope }) }),
    set: (given: CallOptions) => next(setTo(wire, given), linkedIn(given)),
    kwargs: (named: Kwargs) => next(withNamed(wire, named)),
    clone: (...given: ApplyCall | []) => next(...cloned(wire, given)),
    link: (callback: Linkable) => linked(algebra.link, callback),
    linkError: (errback: Linkable) => linked(algebra.linkError, errback),
    onError: (errback: Linkable) => linked(algebra.linkError, errback),
    flattenLinks: () => flattenLinks(wire).map((each) => next(each)),
    equals: (other: Pick<AnySignature, "wire">) => isEqual(wire, other.wire),
    pipe: (step: AnySignature) => {
      const both = senderOf([{ sender }, stepOf(step)]);
      return bindSignature(both, both.composition.algebra.pipe(wire, step.wire));
    },
    skew: (...given: Skew) => next(sender.composition.skew(wire, given)),
    toString: () => sender.composition.algebra.print(wire),
    toJSON: () => wire,
  } satisfies Methods & { readonly skew: unknown };
  // Sound: what tells one signature from another is types only, and the sender makes the handle from the same `wire`.
  return shownAsText(Object.assign(call, bound)) as unknown as Signature<In, Out, Handle, Fed, Named>;
}

/** What a signature has besides being callable; none is forgotten. */
type Methods = Readonly<Record<Exclude<keyof AnySignature, symbol>, unknown>>;

/** Named arguments of the signature's own: an immutable one, too, is made with them. */
function withNamed(wire: WireSignature, kwargs: Kwargs): WireSignature {
  checkKind("kwargs", record, kwargs);
  return { ...algebra.clone({ ...wire, immutable: false }, { kwargs }), immutable: wire.immutable };
}

/** The clone, and what its options link. */
function cloned(wire: WireSignature, given: ApplyCall | []): readonly [WireSignature, readonly Linked[]] {
  const { args, options } = callOf(given.length === 0 ? [[]] : given);
  const { kwargs = {}, ...others } = options;
  if (wire.immutable && args.length > 0)
    throw new ImproperlyConfigured(`${wire.task} is an immutable signature: it takes no further arguments`);
  return [algebra.clone(withNamed(wire, kwargs), { args, options: wireOptions(others) }), linkedIn(options)];
}

/** What a callback brings along. */
export function compositionOf({ sender }: Linked): Composition | undefined {
  return sender?.composition;
}

/** What `applyAsync` may be given: arguments and options, or options only. */
export type ApplyCall =
  | readonly [args: readonly unknown[], options?: CallOptions | undefined]
  | readonly [options: CallOptions];

/** The same of `apply`. */
export type EagerApplyCall =
  | readonly [args: readonly unknown[], options?: EagerOptions | undefined]
  | readonly [options?: EagerOptions];

/** The call that they ask for, whichever were given. */
export function callOf([first, second = {}]: ApplyCall): SignatureCall {
  return isArguments(first) ? { args: first, options: second } : { args: [], options: first };
}

/** The same, of a call that runs in this process. */
export function eagerCallOf(given: EagerApplyCall): SignatureCall {
  const [first = [], second = {}] = given;
  const [args, options] = isArguments(first) ? [first, second] : [[], first];
  const { throw: propagates, ...rest } = options;
  return { args, options: rest, eager: propagates === undefined ? {} : { propagates } };
}

function isArguments(given: readonly unknown[] | EagerOptions): given is readonly unknown[] {
  return Array.isArray(given);
}
