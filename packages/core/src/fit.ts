/**
 * What the compiler knows of a canvas: which arguments a signature still takes, what it returns, and what fits behind
 * what. Types only.
 *
 * @module
 */

import type { GroupResult } from "./group-result.ts";
import type {
  AnySignature,
  FedOf,
  HandleOf,
  InputOf,
  Kwargs,
  OutputOf,
  Signature,
  StepThatTakes,
} from "./signature.ts";
import type { CallOptions, Linked } from "./task-options.ts";

/**
 * A chain of these steps. Conditional, as is all that a generic function makes of signatures: a signature is callable, and
 * the compiler puts off arguments that are calls of generic functions which return functions. It would then infer a canvas
 * of such arguments and others from the others only.
 */
export type ChainOf<T> = [T] extends [infer Steps extends readonly AnySignature[]]
  ? Signature<InputOf<FirstOf<Steps>>, OutputOf<LastOf<Steps>>, HandleOf<LastOf<Steps>>, FedOf<FirstOf<Steps>>>
  : never;

/** A group of these members. */
export type GroupOf<T> = [T] extends [infer Members extends readonly AnySignature[]]
  ? GroupSignature<SharedInput<Members>, ResultsOf<Members>, SharedFed<Members>>
  : never;

/** A chord with this header, whose body returns `Out`. */
export type ChordOf<H, Out, Handle> = [H] extends [infer Members extends Header]
  ? Signature<InputOf<HeaderGroup<Members>>, Out, Handle, FedOf<HeaderGroup<Members>>>
  : never;

/** The first of a chain's steps: one of several, when the chain begins with a list. */
export type FirstOf<T extends readonly AnySignature[]> =
  Unrolled<T> extends infer Steps ? (Steps extends readonly [infer First, ...unknown[]] ? First : never) : never;

/** The last of a chain's steps: one of several, when the chain ends in a list. */
export type LastOf<T extends readonly AnySignature[]> =
  Unrolled<T> extends infer Steps ? (Steps extends readonly [...unknown[], infer Last] ? Last : never) : never;

/** The steps of a chain, at least one, each of which has to take what the one before it returns. */
export type StepsOf<T extends readonly AnySignature[]> = T extends readonly [] ? [step: AnySignature] : CheckedSteps<T>;

type CheckedSteps<T extends readonly AnySignature[], All extends readonly AnySignature[] = T> = {
  [K in keyof T]: T[K] & StepAt<All, K>;
};

/** From a list that is spread into a chain on, steps have no places: then all of them fit, or none does. */
type StepAt<T extends readonly AnySignature[], K> = number extends K
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
> extends Signature<In, Results, GroupResult<Results>, Fed> {
  set(options: CallOptions): GroupSignature<In, Results, Fed>;
  /** Nothing can be linked to a group, for it has no single end. Follow its list with `pipe`, or link to members. */
  link(callback: never): never;
  kwargs(named: Kwargs): GroupSignature<Partial<In>, Results, Partial<Fed>>;
  linkError(errback: Linked): GroupSignature<In, Results, Fed>;
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

type ResultsIn<Member> = Member extends GroupSignature<never, infer Results, never> ? Results : [OutputOf<Member>];

/** A chord's header: a list of members, a group, or one other signature. */
export type Header = AnySignature | readonly AnySignature[];

/** The members of a header, as the group that it is. */
export type HeaderGroup<H extends Header> = H extends readonly AnySignature[]
  ? GroupSignature<SharedInput<H>, ResultsOf<H>, SharedFed<H>>
  : H extends GroupSignature<never, readonly unknown[], never>
    ? H
    : H extends AnySignature
      ? HeaderGroup<readonly [H]>
      : never;
