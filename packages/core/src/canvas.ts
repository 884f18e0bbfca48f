/**
 * Chain, group and chord as an application writes them, checked by the compiler.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import type { FailureData } from "@umbel/protocol";
import type {
  FirstOf,
  GroupSignature,
  Header,
  HeaderGroup,
  LastOf,
  ResultsOf,
  SharedFed,
  SharedInput,
  StepsOf,
} from "./fit.ts";
import { senderOf } from "./sender.ts";
import {
  type AnySignature,
  bindSignature,
  type FedOf,
  type HandleOf,
  type InputOf,
  type OutputOf,
  type Signature,
  type StepThatTakes,
} from "./signature.ts";

/** What a chord's body gets for a member, when the chord collects: the member's end, failures as data. */
export type Collected<Result> =
  | { readonly state: "SUCCESS"; readonly result: Result }
  | { readonly state: "FAILURE" | "REVOKED"; readonly error: FailureData };

/** What a chord does when members of its header fail. */
export interface ChordOptions<OnError extends "fail" | "collect" = "fail" | "collect"> {
  /** `fail` (the default): the body is a ChordError. `collect`: the body runs, and gets each member's end. */
  readonly onError?: OnError;
}

/** One step after the other, each with the result of the one before: a step that does not take it does not compile. */
export function chain<const T extends readonly AnySignature[]>(
  ...steps: StepsOf<T>
): Signature<InputOf<FirstOf<T>>, OutputOf<LastOf<T>>, HandleOf<LastOf<T>>, FedOf<FirstOf<T>>> {
  const parts: readonly AnySignature[] = steps;
  return bindSignature(senderOf(parts), algebra.chain(parts.map((each) => each.wire)));
}

/** All at once; the results as a list, in order. */
export function group<const T extends readonly AnySignature[]>(
  members: T,
): GroupSignature<SharedInput<T>, ResultsOf<T>, SharedFed<T>>;
export function group(members: readonly AnySignature[]): AnySignature {
  return bindSignature(senderOf(members), algebra.group(members.map((each) => each.wire)));
}

/**
 * A body that runs once all members of the header have ended, with the list of their results. The header is a list, a
 * group, or one other signature, whose result is then the only one in the list.
 */
export function chord<const H extends Header, Out, Handle, OnError extends "fail" | "collect" = "fail">(
  header: H,
  body: StepThatTakes<BodyList<HeaderGroup<H>, OnError>, Out, Handle>,
  options?: ChordOptions<OnError>,
): Signature<InputOf<HeaderGroup<H>>, Out, Handle, FedOf<HeaderGroup<H>>>;
export function chord(header: Header, body: AnySignature, { onError = "fail" }: ChordOptions = {}): AnySignature {
  const members = "wire" in header ? header.wire : header.map((each) => each.wire);
  return bindSignature(senderOf([body, header].flat()), algebra.chord(members, body.wire, { onError }));
}

/** What a chord's body gets: the results of the header's members, or how each of them ended. */
type BodyList<Group, OnError> = [OnError] extends ["collect"] ? CollectedOf<OutputOf<Group>> : OutputOf<Group>;

type CollectedOf<Results> = { -readonly [K in keyof Results]: Collected<Results[K]> };
