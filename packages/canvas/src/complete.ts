/**
 * What follows when all members of a chord have ended: its body, or its failure (delivery.md 13, 14).
 *
 * @module
 */

import { type ChordPart, type FailureData, failureIn, referenceIn, type Signature } from "@umbel/protocol";
import { abandon } from "./abandon.ts";
import { chordFailed, gone } from "./cause.ts";
import { type Consequence, consequencesOf, type Following } from "./consequence.ts";
import { expand } from "./expand.ts";
import { linkedTo } from "./trace-links.ts";
import { failUnstarted } from "./unstarted.ts";

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
  if (lost !== undefined) return failUnstarted(body, chordFailed(lost), options);
  // The parent is the last member, whoever completes the chord: completed twice, it sends the same message twice.
  const lineage = { root_id: options.root, parent_id: parts.at(-1)?.id ?? null };
  const values = parts.map(collects ? endOf : ({ result }) => result);
  return consequencesOf(linkedTo(parts, expand(body, { args: [values], options: lineage })));
}

function isLost({ state }: ChordPart): boolean {
  return state === "FAILURE" || state === "REVOKED";
}

function endOf({ state, result }: ChordPart): MemberEnd {
  if (state === "FAILURE" || state === "REVOKED") return { state, error: failureIn(result) };
  return { state: "SUCCESS", result };
}
