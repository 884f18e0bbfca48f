/**
 * What stands in a message for something that is too long for it: a name of texts that are kept in the store.
 *
 * Arguments are referred to by the embed; signatures (the rest of a chain, a chord's body, callbacks, errbacks) by one
 * signature in their place, so that whoever hands signatures on hands a reference on like any other.
 *
 * @module
 */

import { type Check, type ChecksOf, isName, misfitIn, someText } from "./check.ts";
import type { Signature, SignatureOptions } from "./signature.ts";

/** Texts that are kept in the store, each a list in JSON: of signatures, or arguments and named arguments. */
export interface Reference {
  /** Root of the canvas that they belong to. */
  readonly root: string;
  /** A UUID, derived from what they say: the same texts of one root are kept once, and a name never means another text. */
  readonly hash: string;
  /** The first of them that is meant, from 0. */
  readonly at: number;
  /** How many there are, those before `at` included. */
  readonly of: number;
  /** Kept at least until then: milliseconds since 1970. */
  readonly until: number;
}

/** Task name of a signature that stands for others. Nothing is registered under it. */
export const referredName = "umbel.stored";

/** Most texts of one reference: more than the longest chain has that a store takes, and too few to do harm. */
const mostTexts = 10_000;

const count: Check = { wanted: "a whole number", fits: (value) => Number.isSafeInteger(value) && Number(value) >= 0 };

const checks: Readonly<Record<string, Check>> = {
  root: someText,
  hash: { wanted: "a hash", fits: (value) => isName(value) && /^[\da-f-]{36}$/.test(value) },
  at: count,
  of: { wanted: `1 to ${mostTexts}`, fits: (value) => count.fits(value) && Number(value) <= mostTexts },
  until: { wanted: "an instant", fits: Number.isFinite },
} satisfies ChecksOf<Reference>;

/** What is wrong with something that should be a reference; undefined when nothing is. */
export function misfitOfReference(value: unknown): string | undefined {
  return misfitIn(value, checks);
}

/** Whether something from a message is a reference. */
export function isReference(value: unknown): value is Reference {
  return misfitOfReference(value) === undefined;
}

/** The names under which texts are kept, from the first that is meant. */
export function namesOf({ root, hash, at, of }: Reference): readonly string[] {
  return Array.from({ length: Math.max(0, of - at) }, (_, index) => `stored:${root}:${hash}:${at + index}`);
}

/** A signature that stands for others. Its options are what has to be known of them without reading them. */
export function referring(reference: Reference, options: SignatureOptions): Signature {
  return { task: referredName, args: [], kwargs: { ...reference }, options, subtask_type: null, immutable: true };
}

/** What a signature refers to; undefined when it is one like any other. */
export function referenceIn({ task, kwargs }: Signature): Reference | undefined {
  return task === referredName && isReference(kwargs) ? kwargs : undefined;
}
