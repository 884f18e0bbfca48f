/**
 * Chain, group and chord as an application writes them, checked by the compiler.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import type { FailureData } from "@umbel/protocol";
import type { ChainSignature, CheckSteps, ChordSignature, Fits, GroupSignature, OutputsOf } from "./fit.ts";
import { GroupResult } from "./group-result.ts";
import { type AnySignature, bindSignature, type Signature, type SignatureSender } from "./signature.ts";

/** What a chord's body gets for a member, when the chord collects: the member's end, failures as data. */
export type Collected<Result> =
  | { readonly state: "SUCCESS"; readonly result: Result }
  | { readonly state: "FAILURE" | "REVOKED"; readonly error: FailureData };

/** The ends of a header's members, in order. */
export type CollectedOf<T extends readonly AnySignature[]> = {
  -readonly [K in keyof OutputsOf<T>]: Collected<OutputsOf<T>[K]>;
};

/** A group, as a chord's header may be one. */
type GroupLike<T extends readonly AnySignature[]> = Signature<never, OutputsOf<T>, GroupResult<OutputsOf<T>>, never>;

/** What a chord does when members of its header fail. */
export interface ChordOptions {
  /** `fail` (the default): the body is a ChordError. `collect`: the body runs, and gets each member's end. */
  readonly onError?: "fail" | "collect";
}

/**
 * One step after the other, each with the result of the one before.
 * A step that does not fit is a compile error that names what it is not given.
 */
export function chain<const T extends readonly [AnySignature, ...AnySignature[]]>(
  ...steps: T & CheckSteps<T>
): ChainSignature<T> {
  const parts: readonly AnySignature[] = steps;
  return bindSignature(senderOf(parts), algebra.chain(parts.map((each) => each.wire)));
}

/** All at once; the results as a list, in order. */
export function group<const T extends readonly AnySignature[]>(members: T): GroupSignature<T> {
  return bindSignature(senderOf(members), algebra.group(members.map((each) => each.wire)));
}

/** A body that runs once all members of the header have ended, with the list of their results. */
export function chord<const T extends readonly AnySignature[], Body extends AnySignature>(
  header: T | GroupLike<T>,
  body: Fits<GroupSignature<T>, Body> extends true ? Body : never,
  options?: { readonly onError?: "fail" },
): ChordSignature<T, Body>;
export function chord<const T extends readonly AnySignature[], Body extends AnySignature>(
  header: T | GroupLike<T>,
  body: Fits<Signature<never, CollectedOf<T>, unknown, never>, Body> extends true ? Body : never,
  options: { readonly onError: "collect" },
): ChordSignature<T, Body>;
export function chord<T extends readonly AnySignature[], Body extends AnySignature>(
  header: T | GroupLike<T>,
  body: Body,
  options: ChordOptions = {},
): ChordSignature<T, Body> {
  const { onError = "fail" } = options;
  const members = "wire" in header ? header.wire : header.map((each) => each.wire);
  return bindSignature(body.sender, algebra.chord(members, body.wire, { onError }));
}

/** All parts of a canvas belong to one application; an empty one to none. */
function senderOf(parts: readonly AnySignature[]): SignatureSender {
  return parts[0]?.sender ?? nobody;
}

/** Sends what has no members: there is nothing to send, and the result is an empty list. */
const nobody: SignatureSender = {
  apply: async () => await Promise.resolve(new GroupResult(undefined, "", { results: [] })),
};
