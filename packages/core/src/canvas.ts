/**
 * Chain, group and chord as an application writes them, checked by the compiler.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import {
  assertJson,
  decodeSignature,
  type FailureData,
  ImproperlyConfigured,
  type Signature as WireSignature,
} from "@umbel/protocol";
import type { ChainOf, ChordOf, GroupOf, Header, HeaderGroup, Signatures, StepsOf } from "./fit.ts";
import { checkKind, type Kind } from "./kinds.ts";
import { kindOf } from "./items.ts";
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
 * Throws `InvalidMessageError` for data that is no signature, and `EncodeError` for what is no JSON: what contains itself, say.
 */
export function signature<Result = unknown>(app: SignatureSender, data: unknown): NamedSignature<Result>;
export function signature(app: SignatureSender, data: unknown): AnySignature {
  assertJson(data ?? null, "signature");
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
export function chain<const T extends readonly unknown[]>(...steps: StepsOf<T>): ChainOf<T>;
export function chain(...steps: readonly AnySignature[]): AnySignature {
  const wires = wiresOf("chain", steps);
  const [first = { sender: nobody }, ...others] = steps;
  return bindSignature(senderOf([first, ...others]), algebra.chain(wires));
}

/**
 * All at once; the results as a list, in order. The members are a list, or anything else that they can be taken from, or one
 * argument each. Throws `ImproperlyConfigured` for what is no signature.
 */
export function group<const T extends Signatures>(members: T): GroupOf<T>;
export function group<const T extends readonly AnySignature[]>(...members: T): GroupOf<T>;
export function group(...given: readonly [members: Signatures] | readonly AnySignature[]): AnySignature {
  const parts = areApart(given) ? given : partsOf("group", given[0]);
  const wires = wiresOf("group", parts);
  return bindSignature(canvasSender(parts), algebra.group(wires));
}

/**
 * A body that runs once all members of the header have ended, with the list of their results. The header is a list, a
 * group, or one other signature, whose result is then the only one in the list. Throws `ImproperlyConfigured` for a part that
 * is no signature.
 */
export function chord<const H extends Header, Out, Handle, OnError extends "fail" | "collect" = "fail">(
  header: H,
  body: StepThatTakes<BodyList<HeaderGroup<H>, OnError>, Out, Handle>,
  options?: ChordOptions<OnError>,
): ChordOf<H, Out, Handle>;
export function chord(header: Header, body: AnySignature, { onError = "fail" }: ChordOptions = {}): AnySignature {
  checkKind("onError of the chord", onErrorKind, onError);
  const [end] = wiresOf("chord's body", [body]);
  const parts = isSignature(header) ? [header] : partsOf("chord's header", header);
  const members = isSignature(header) ? header.wire : wiresOf("chord's header", parts);
  return bindSignature(canvasSender([body, ...parts]), algebra.chord(members, end, { onError }));
}

/** One argument that is neither a signature nor a task stands for all members. */
function areApart(given: readonly [members: Signatures] | readonly AnySignature[]): given is readonly AnySignature[] {
  return given.length !== 1 || typeof given[0] === "function";
}

const onErrorKind: Kind = [(value) => value === "fail" || value === "collect", '"fail" or "collect"'];

function isSignature(header: Header): header is AnySignature {
  return typeof header === "function" && "wire" in header;
}

/** Parts that were given as a list, or as anything else that they can be taken from. */
function partsOf(canvas: string, parts: Signatures): readonly AnySignature[] {
  const given: unknown = parts;
  if (typeof given === "object" && given !== null && Symbol.iterator in given) return [...parts];
  const what = typeof given === "function" ? `${String(given)}, which is no list: write [...]` : kindOf(given);
  throw new ImproperlyConfigured(`A ${canvas} takes a list of signatures, and was given ${what}`);
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
function wiresOf<const Parts extends readonly AnySignature[]>(
  canvas: string,
  parts: Parts,
): { readonly [K in keyof Parts]: WireSignature };
function wiresOf(
  canvas: string,
  parts: readonly (Partial<AnySignature> | null | undefined)[],
): readonly WireSignature[] {
  return parts.map((part, index) => {
    if (part?.wire !== undefined) return part.wire;
    throw new ImproperlyConfigured(`Part ${index + 1} of the ${canvas} is ${whatElse(part)}`);
  });
}

function whatElse(part: object | null | undefined): string {
  if (Array.isArray(part)) return "a list: write ...list for its parts";
  if ("then" in Object(part)) return "a promise: await it first";
  if (typeof part !== "function") return "no signature";
  return "s" in part ? `${String(part)} itself: write .s() for a signature of it` : "a function, and no task";
}
