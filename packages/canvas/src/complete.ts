/**
 * What follows when all members of a chord have ended: its body, or its failure (delivery.md 13, 14).
 *
 * @module
 */

import { type ChordPart, type FailureData, failureIn, referenceIn, type Signature } from "@umbel/protocol";
import { abandon } from "./abandon.ts";
import { accumulateName } from "./accumulate.ts";
import { taskIdOf } from "./call.ts";
import { type Cause, chordFailed, gone } from "./cause.ts";
import { type Consequence, consequencesOf, type Following } from "./consequence.ts";
import { errbackCalls, failedCall } from "./errback.ts";
import { expand } from "./expand.ts";
import { nodeOf } from "./node.ts";
import { listOf, union } from "./signature.ts";

/** How a member ended, as the body of a chord that collects gets it. */
export type MemberEnd =
  | { readonly state: "SUCCESS"; readonly result: unknown }
  | { readonly state: "FAILURE" | "REVOKED"; readonly error: FailureData };

/** What a chord is completed with. */
export interface CompleteOptions extends Following {
  /** Root of the canvas. */
  readonly root: string;
}

/**
 * The calls of the body with the members' values in the order of `parts`, null for one that was ignored. When members
 * have failed, and the chord does not collect their ends, or when the body was kept in the store and is gone: ends of a
 * body that will never run, and its errbacks as far as they are known.
 */
export function completeChord(
  body: Signature,
  parts: readonly ChordPart[],
  options: CompleteOptions,
): readonly Consequence[] {
  if (referenceIn(body) !== undefined) return abandon(body, gone("The body of this chord"), options);
  const collects = body.options.on_error === "collect";
  const lost = collects ? undefined : parts.find(isLost);
  if (lost !== undefined) return failBody(body, chordFailed(lost), options);
  // The parent is the last member, whoever completes the chord: completed twice, it sends the same message twice.
  const lineage = { root_id: options.root, parent_id: parts.at(-1)?.id ?? null };
  const values = parts.map(collects ? endOf : ({ result }) => result);
  return consequencesOf(expand(body, { args: [values], options: lineage }));
}

/** The errbacks of the body are told once, in the name of the call that it would have started with. */
function failBody(body: Signature, cause: Cause, options: CompleteOptions): readonly Consequence[] {
  const rest = abandon(body, cause, options);
  const lead = leadOf(body);
  if (lead === undefined) return rest;
  const { task, args, kwargs } = lead;
  const call = { id: taskIdOf(lead), task, args, kwargs, retries: 0, rootId: options.root };
  return [...errbackCalls(listOf(lead.options.link_error), failedCall(call, cause), options), ...rest];
}

/**
 * The call that stands for a canvas: the first, in a group with the errbacks of all, in a chord the body. What only makes
 * one value of a group's list was added by us: nobody could link an errback to it, and the group stands for itself.
 */
function leadOf(signature: Signature): Signature | undefined {
  const node = nodeOf(signature);
  switch (node.kind) {
    case "task":
      return signature;
    case "chain":
      return node.steps.slice(0, 1).map(leadOf).at(0);
    case "group":
      return leadOfAll(node.members);
    case "chord":
      return node.body.task === accumulateName ? leadOfAll(node.header) : leadOf(node.body);
  }
}

function leadOfAll(members: readonly Signature[]): Signature | undefined {
  return members.map(leadOf).reduce(withErrbacksOf, undefined);
}

function withErrbacksOf(lead: Signature | undefined, other: Signature | undefined): Signature | undefined {
  if (lead === undefined || other === undefined) return lead ?? other;
  const errbacks = union(lead.options.link_error, other.options.link_error);
  return { ...lead, options: { ...lead.options, link_error: errbacks } };
}

function isLost({ state }: ChordPart): boolean {
  return state === "FAILURE" || state === "REVOKED";
}

function endOf({ state, result }: ChordPart): MemberEnd {
  if (state === "FAILURE" || state === "REVOKED") return { state, error: failureIn(result) };
  return { state: "SUCCESS", result };
}
