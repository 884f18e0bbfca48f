/**
 * Chain, group and chord as an application writes them, checked by the compiler.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import {
  decodeSignature,
  type FailureData,
  ImproperlyConfigured,
  type Signature as WireSignature,
} from "@umbel/protocol";
import type { ChainOf, ChordOf, GroupOf, Header, HeaderGroup, StepsOf } from "./fit.ts";
import { nobody } from "./nobody.ts";
import { senderOf, widened } from "./sender.ts";
import {
  type AnySignature,
  bindSignature,
  type NamedSignature,
  type OutputOf,
  type SignatureSender,
  type StepThatTakes,
} from "./signature.ts";
import { whole } from "./whole.ts";

/**
 * A signature that came over the wire, as JSON has it, whatever it is of; `app` sends it.
 * Throws `InvalidMessageError` for data that is no signature.
 */
export function signature<Result = unknown>(app: SignatureSender, data: unknown): NamedSignature<Result>;
export function signature(app: SignatureSender, data: unknown): AnySignature {
  return bindSignature(widened(app, [whole]), decodeSignature(data));
}

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
export function chain<const T extends readonly AnySignature[]>(...steps: StepsOf<T>): ChainOf<T>;
export function chain(...steps: readonly AnySignature[]): AnySignature {
  const wires = wiresOf("chain", steps);
  const [first = { sender: nobody }, ...others] = steps;
  return bindSignature(senderOf([first, ...others]), algebra.chain(wires));
}

/** All at once; the results as a list, in order. */
export function group<const T extends readonly AnySignature[]>(members: T): GroupOf<T>;
export function group(members: readonly AnySignature[]): AnySignature {
  const wires = wiresOf("group", members);
  return bindSignature(canvasSender(members), algebra.group(wires));
}

/**
 * A body that runs once all members of the header have ended, with the list of their results. The header is a list, a
 * group, or one other signature, whose result is then the only one in the list.
 */
export function chord<const H extends Header, Out, Handle, OnError extends "fail" | "collect" = "fail">(
  header: H,
  body: StepThatTakes<BodyList<HeaderGroup<H>, OnError>, Out, Handle>,
  options?: ChordOptions<OnError>,
): ChordOf<H, Out, Handle>;
export function chord(header: Header, body: AnySignature, { onError = "fail" }: ChordOptions = {}): AnySignature {
  const members = "wire" in header ? header.wire : wiresOf("chord's header", [header].flat());
  const [end = body.wire] = wiresOf("chord's body", [body]);
  return bindSignature(canvasSender([body, header].flat()), algebra.chord(members, end, { onError }));
}

/** Who sends a group or a chord of these parts. */
function canvasSender([first = { sender: nobody }, ...others]: readonly Pick<
  AnySignature,
  "sender"
>[]): SignatureSender {
  return widened(senderOf([first, ...others]), [whole]);
}

/** What a chord's body gets: the results of the header's members, or how each of them ended. */
type BodyList<Group, OnError> = [OnError] extends ["collect"] ? CollectedOf<OutputOf<Group>> : OutputOf<Group>;

type CollectedOf<Results> = { -readonly [K in keyof Results]: Collected<Results[K]> };

/** The parts in Celery's form. Throws `ImproperlyConfigured` for what is no signature: the commonest slip is a forgotten `.s()`. */
function wiresOf(canvas: string, parts: readonly Partial<AnySignature>[]): readonly WireSignature[] {
  return parts.map((part, index) => {
    if (part.wire !== undefined) return part.wire;
    const what =
      typeof part === "function" ? `${String(part)} itself: write .s() for a signature of it` : "no signature";
    throw new ImproperlyConfigured(`Part ${index + 1} of the ${canvas} is ${what}`);
  });
}
