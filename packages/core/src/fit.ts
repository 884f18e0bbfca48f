/**
 * What the compiler knows of a canvas: which arguments a signature still takes, what it returns, and what fits behind
 * what. Types only.
 *
 * @module
 */

import type { Duration } from "@umbel/protocol";
import type { GroupResult } from "./group-result.ts";
import type { FedAfter, LastArguments, Remaining } from "./partial.ts";
import type {
  AnySignature,
  FedOf,
  HandleOf,
  InputOf,
  OutputOf,
  Signature,
  StepThatTakes,
  Taking,
} from "./signature.ts";
import type { Misfit } from "./misfit.ts";
import type {
  Errback,
  Nameable,
  NamedAfter,
  NamedOf,
  Naming,
  NoKwargs,
  OptionsOf,
  OptionsWith,
  PlacesAfter,
  Positional,
} from "./named.ts";

/**
 * A chain of these steps. Conditional, as is all that a generic function makes of signatures: a signature is callable, and
 * the compiler puts off arguments that are calls of generic functions which return functions. It would then infer a canvas
 * of such arguments and others from the others only.
 */
export type ChainOf<T> = [T] extends [infer Steps extends readonly AnySignature[]]
  ? Signature<
      InputOf<FirstOf<Steps>>,
      OutputOf<LastOf<Steps>>,
      HandleOf<LastOf<Steps>>,
      FedOf<FirstOf<Steps>>,
      NamedOf<FirstOf<Steps>>
    >
  : never;

/** A group of these members: a list of them, or anything else that they can be taken from. */
export type GroupOf<T> = [T] extends [infer Members extends readonly AnySignature[]]
  ? GroupSignature<SharedInput<Members>, ResultsOf<Members>, SharedFed<Members>, SharedNamed<Members>>
  : [T] extends [Iterable<infer Member extends AnySignature>]
    ? GroupOf<readonly Member[]>
    : never;

/** Signatures in order. */
export type Signatures = readonly AnySignature[] | Iterable<AnySignature>;

/** A chord with this header, whose body returns `Out`. */
export type ChordOf<H, Out, Handle> = [H] extends [infer Members extends Header]
  ? Signature<InputOf<HeaderGroup<Members>>, Out, Handle, FedOf<HeaderGroup<Members>>, NamedOf<HeaderGroup<Members>>>
  : never;

/** The first of a chain's steps: one of several, when the chain begins with a list. */
export type FirstOf<T extends readonly AnySignature[]> =
  Unrolled<T> extends infer Steps ? (Steps extends readonly [infer First, ...unknown[]] ? First : never) : never;

/** The last of a chain's steps: one of several, when the chain ends in a list. */
export type LastOf<T extends readonly AnySignature[]> =
  Unrolled<T> extends infer Steps ? (Steps extends readonly [...unknown[], infer Last] ? Last : never) : never;

/** The steps of a chain, at least one, each of which has to take what the one before it returns. */
export type StepsOf<T extends readonly unknown[]> = T extends readonly [] ? [step: AnySignature] : CheckedSteps<T>;

type CheckedSteps<T extends readonly unknown[], All extends readonly unknown[] = T> = {
  [K in keyof T]: T[K] & (T[K] extends AnySignature ? StepAt<All, K> : NotAStep<T[K]>);
};

/** What a step has to be that is none: where the slip is a common one, the text says what to do. */
type NotAStep<Given> = Given extends { s(...args: never): unknown }
  ? Misfit<"a task is no signature; write task.s()">
  : Given extends PromiseLike<unknown>
    ? Misfit<"a promise is no signature; await it first">
    : Given extends readonly unknown[]
      ? Misfit<"a list is no signature; write ...list">
      : AnySignature;

/** From a list that is spread into a chain on, steps have no places: then all of them fit, or none does. */
type StepAt<T extends readonly unknown[], K> = number extends K
  ? AllFit<Unrolled<T>> extends true
    ? unknown
    : StepThatTakes<OutputOf<T[number]>>
  : StepAfter<[unknown, ...T][K & keyof [unknown, ...T]]>;

type StepAfter<Previous> = Previous extends AnySignature ? StepThatTakes<OutputOf<Previous>> : unknown;

/** A chain without lists: where there is one, once with nothing in it and once with two. */
type Unrolled<
  T extends readonly unknown[],
  Head extends readonly unknown[] = [],
  Tail extends readonly unknown[] = [],
> = T extends readonly [infer First, ...infer Rest]
  ? Unrolled<Rest, [...Head, First], Tail>
  : T extends readonly [...infer Rest, infer Last]
    ? Unrolled<Rest, Head, [Last, ...Tail]>
    : T extends readonly []
      ? [...Head, ...Tail]
      : [...Head, ...Tail] | [...Head, T[number], T[number], ...Tail];

/** Whether each step takes what the one before it returns. */
type AllFit<T extends readonly unknown[]> = T extends readonly [infer Step, infer Next, ...infer Rest]
  ? Next extends StepThatTakes<OutputOf<Step>>
    ? AllFit<[Next, ...Rest]>
    : false
  : true;

/** A group, as long as nothing follows it: inside another one it counts as its members. */
export interface GroupSignature<
  in In extends readonly unknown[],
  out Results extends readonly unknown[],
  in Fed = In,
  in Named = NoKwargs,
> extends Signature<In, Results, GroupResult<Results>, Fed, Named> {
  set(options: OptionsOf<Results>): GroupSignature<In, Results, Fed, Named>;
  /** Nothing can be linked to a group, for it has no single end. Follow its list with `pipe`, or link to members. */
  link(callback: never): never;
  kwargs<Given extends object, N>(
    this: Naming<N>,
    named: Nameable<N, Given>,
  ): [N] extends [infer Own]
    ? GroupSignature<PlacesAfter<In, Own>, Results, PlacesAfter<Fed, Own>, NamedAfter<Own, Given>>
    : never;
  clone<N, Given = undefined>(
    this: Naming<N>,
    options?: OptionsWith<Results, Nameable<N, Given>>,
  ): [N] extends [infer Own]
    ? GroupSignature<Positional<In, Own, Given>, Results, Positional<Fed, Own, Given>, NamedAfter<Own, Given>>
    : never;
  clone<Own extends readonly unknown[], Feeds, N, S extends LastArguments<Own>, Given = undefined>(
    this: Taking<Own, Feeds> & Naming<N>,
    args: readonly [...S],
    options?: OptionsWith<Results, Nameable<N, Given>>,
  ): [N, Remaining<Own, S>] extends [infer Names, infer Left extends readonly unknown[]]
    ? GroupSignature<
        Positional<Left, Names, Given>,
        Results,
        Positional<FedAfter<Own, S, Feeds>, Names, Given>,
        NamedAfter<Names, Given>
      >
    : never;
  linkError(errback: Errback): GroupSignature<In, Results, Fed, Named>;
  onError(errback: Errback): GroupSignature<In, Results, Fed, Named>;
  /** The same, its members starting one after the other: see {@link Skew}. Throws `ImproperlyConfigured` for no wait. */
  skew(start?: Duration, stop?: Duration, step?: Duration): GroupSignature<In, Results, Fed, Named>;
  /** Nothing is stored here: it lets the compiler tell a group from a chain that ends in one. */
  readonly [members]: Results;
}

declare const members: unique symbol;

/** What a group takes from its caller: what each member takes; an immutable one does not mind. */
export type SharedInput<T extends readonly AnySignature[]> = T extends readonly []
  ? []
  : InputOf<[Choosy<T[number]>] extends [never] ? T[number] : Choosy<T[number]>>;

/** What a group may be fed: what each member may. */
export type SharedFed<T extends readonly AnySignature[]> = [Choosy<T[number]>] extends [never]
  ? readonly unknown[]
  : FedOf<Choosy<T[number]>>;

/**
 * What a group takes by name: each member gets all of it, so only what every member knows. What one of them needs and
 * another does not know can never be given.
 */
export type SharedNamed<T extends readonly AnySignature[]> = [Choosy<T[number]>] extends [never]
  ? NoKwargs
  : Known<NamedOf<Choosy<T[number]>>, KnownToAll<Choosy<T[number]>>>;

/** The names that each of several signatures knows. */
type KnownToAll<Member> = (Member extends AnySignature ? (names: keyof NamedOf<Member>) => void : never) extends (
  names: infer Names,
) => void
  ? Names
  : never;

/** What is needed stays, as never where it is not known to all; what may be left out and is not known to all goes. */
type Known<Named, Names> = {
  [K in keyof Named as K extends Names ? K : NoKwargs extends Pick<Named, K> ? never : K]: K extends Names
    ? Named[K]
    : never;
};

/** The members that may not be fed just anything. */
type Choosy<Member> = Member extends AnySignature ? (readonly unknown[] extends FedOf<Member> ? never : Member) : never;

/** The members' results, in order; those of a group among them in its place. */
export type ResultsOf<T extends readonly AnySignature[], Results extends readonly unknown[] = []> = T extends readonly [
  infer Member,
  ...infer Rest extends readonly AnySignature[],
]
  ? ResultsOf<Rest, [...Results, ...ResultsIn<Member>]>
  : T extends readonly []
    ? Results
    : [...Results, ...ResultsIn<T[number]>[number][]];

type ResultsIn<Member> =
  Member extends GroupSignature<never, infer Results, never, never> ? Results : [OutputOf<Member>];

/** A chord's header: members in order, a group, or one other signature. */
export type Header = AnySignature | Signatures;

/** The members of a header, as the group that it is. */
export type HeaderGroup<H extends Header> = H extends readonly AnySignature[]
  ? GroupSignature<SharedInput<H>, ResultsOf<H>, SharedFed<H>, SharedNamed<H>>
  : H extends GroupSignature<never, readonly unknown[], never, never>
    ? H
    : H extends AnySignature
      ? HeaderGroup<readonly [H]>
      : H extends Iterable<infer Member extends AnySignature>
        ? HeaderGroup<readonly Member[]>
        : never;
