/**
 * Names what is to follow a message: its callbacks, its errbacks, the rest of its chain, the chord that it is a member of.
 *
 * Two messages may have one id: the same one, delivered or sent again, or another canvas in which a call was given that id. The
 * first is to be followed by nothing new; what follows the second waits to be told how the task has ended. Their followers
 * tell the two apart.
 *
 * @module
 */

import { everythingIn, listOf } from "@umbel/canvas";
import { referenceIn, type Signature, type TaskMessage, UmbelError, writeJson } from "@umbel/protocol";
import { childId } from "./identity.ts";

/**
 * A short word that is the same for the same followers; undefined for a message that nothing follows, or nothing that can be
 * read: a forged one. Steps and bodies count by their ids, which they have from the start; callbacks and errbacks, which get
 * theirs when they are sent, by what they say.
 */
export function followersOf(message: TaskMessage): string | undefined {
  try {
    const parts = partsOf(message);
    return parts.every((each) => each.length === 0) ? undefined : childId("followers", writeJson(parts)).slice(-12);
  } catch (error) {
    if (error instanceof UmbelError) return undefined;
    throw error;
  }
}

function partsOf({ headers, body: [, , embed] }: TaskMessage): readonly (readonly unknown[])[] {
  const { callbacks, errbacks, chain, chord } = embed ?? {};
  const linked = [callbacks, errbacks].map((each) => (each ?? []).map(textOf));
  const place = chord ? [headers.group ?? null, headers.group_index ?? null, idsIn(chord)] : [];
  return [...linked, (chain ?? []).map(idsIn), place];
}

/** The same text wherever it is kept, and for however long. */
function textOf(linked: Signature): unknown {
  return referenceIn(linked)?.hash ?? linked;
}

/** The members of a header have one body, which is looked through once. */
const known = new WeakMap<Signature, unknown>();

/** Its ids, and what follows it in turn: two canvases may have more than one id in common. */
function idsIn(signature: Signature): unknown {
  const ids = known.get(signature) ?? [ownIds(signature), ...furtherIds(signature)];
  known.set(signature, ids);
  return ids;
}

function ownIds(signature: Signature): unknown {
  if (signature.subtask_type === null) return signature.options.task_id ?? null;
  return everythingIn(signature).map((each) => each.options.task_id ?? null);
}

function furtherIds({
  options: { link, link_error: linkError, chord, group_id: group },
}: Signature): readonly unknown[] {
  const linked = [...listOf(link), ...listOf(linkError)].map(textOf);
  return [...(linked.length === 0 ? [] : [linked]), ...(chord ? [group ?? null, idsIn(chord)] : [])];
}
