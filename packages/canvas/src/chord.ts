/**
 * Chords: members side by side, then a body with the list of their results.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { chordOf, type OnError } from "./parts.ts";
import { clone } from "./signature.ts";

/** What a chord does when members of its header fail. */
export interface ChordOptions {
  /**
   * `fail` (the default): the body is not run, and ends as a ChordError. `collect`: the body runs, and gets a
   * `MemberEnd` for each member.
   */
  readonly onError?: OnError;
}

/** A chord. The header is a list, a group, or one other signature: a chain is a single member, whatever it ends in. */
export function chord(
  header: readonly Signature[] | Signature,
  body: Signature,
  { onError = "fail" }: ChordOptions = {},
): Signature {
  return chordOf(header, onError === "fail" ? body : clone(body, { options: { on_error: onError } }));
}
