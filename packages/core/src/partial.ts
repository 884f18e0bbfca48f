/**
 * Partial calls: which arguments may be bound to a task in advance, and which it then still takes. Types only.
 *
 * New arguments come before the bound ones, as in Celery, so the bound ones are the last of the list.
 *
 * @module
 */

/** The argument lists that may be bound: the ends of the parameter list. */
export type LastArguments<P extends readonly unknown[]> =
  | P
  | (true extends HasFirst<P> ? LastArguments<Rest<P>> : never);

/**
 * What is still to be given once `Bound` is: every list that gives a right call when `Bound` follows it. That is what
 * comes before each end that `Bound` fits; before an end of any length, any number more of the same.
 */
export type Remaining<
  P extends readonly unknown[],
  Bound extends readonly unknown[],
  Head extends readonly unknown[] = [],
> = Bound extends readonly []
  ? [...Head, ...P]
  :
      | (Bound extends P ? (IsList<P> extends true ? [...Head, ...P] : Head) : never)
      | (true extends HasFirst<P> ? Remaining<Rest<P>, Bound, [...Head, ...First<P>]> : never);

/** What a signature that takes `In` may be fed once `Bound` is: one that takes more is fed what it takes. */
export type FedAfter<In extends readonly unknown[], Bound extends readonly unknown[], Fed> = Bound extends readonly []
  ? Fed
  : Remaining<In, Bound>;

/** The first parameter, as a list that keeps its name. What comes before a bound argument has to be given. */
type First<P extends readonly unknown[]> = number extends P["length"]
  ? [Exclude<P[0], undefined>]
  : P extends readonly [...infer Head, ...Rest<P>]
    ? Required<Head>
    : never;

/** A parameter list without its first. */
type Rest<P extends readonly unknown[]> = P extends readonly [_first?: unknown, ...rest: infer R] ? R : never;

type HasFirst<P extends readonly unknown[]> = P extends readonly [] ? false : IsList<P> extends true ? false : true;

/** Whether a list is of one type and any length. */
type IsList<P extends readonly unknown[]> = P[number][] extends P ? true : false;
