/**
 * What the compiler says of a slip, in words. Types only.
 *
 * @module
 */

declare const reason: unique symbol;

/** Stands in a compile error where something fits that is not what was given; its text says what to do. Nothing is one. */
export interface Misfit<Reason extends string> {
  readonly [reason]: Reason;
}
