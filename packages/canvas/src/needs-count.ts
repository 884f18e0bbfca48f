/**
 * Whether somebody has to count for a canvas: what follows a group is sent when its last member has ended.
 *
 * Chunks are one call, which becomes a group where it is run: it is one as soon as something follows.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { chunksName } from "./items.ts";
import { kindOf, tasksIn } from "./parts.ts";
import { listOf } from "./signature.ts";

/** Tells whether there is a chord in it, in whatever depth, or what would become one. Throws `InvalidMessageError` for parts that cannot be read. */
export function needsCount(signature: Signature): boolean {
  return isCounted(signature, false);
}

function isCounted(signature: Signature, isFollowed: boolean): boolean {
  const { link, link_error: linkError, chain, chord } = signature.options;
  if (chord !== undefined && chord !== null) return true;
  const rest = listOf(chain);
  const linked = listOf(link);
  return (
    hasCounted(signature, isFollowed || linked.length + rest.length > 0) ||
    // The rest of a chain is reversed: its first is the last of all.
    rest.some((each, place) => isCounted(each, isFollowed || place > 0)) ||
    [...linked, ...listOf(linkError)].some(needsCount)
  );
}

/** The same of what it consists of. */
function hasCounted(signature: Signature, isFollowed: boolean): boolean {
  switch (kindOf(signature)) {
    case "task":
      return isFollowed && signature.task === chunksName;
    case "chain": {
      const last = tasksIn(signature).length - 1;
      return tasksIn(signature).some((each, place) => isCounted(each, isFollowed || place < last));
    }
    case "group":
      return tasksIn(signature).some((each) => isCounted(each, isFollowed));
    case "chord":
      return true;
  }
}
