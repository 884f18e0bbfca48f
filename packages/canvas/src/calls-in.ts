/**
 * All calls that signatures come to, at any depth: parts of canvases with their share of what is set on these, and what is
 * linked.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { nodeOf } from "./node.ts";
import { kindOf } from "./parts.ts";
import { listOf } from "./signature.ts";

/**
 * The calls, the outer ones first; one that several parts have in common is there once. Throws `InvalidMessageError` for
 * parts that cannot be read, `ImproperlyConfigured` when something is linked to a group.
 */
export function callsIn(signatures: readonly Signature[]): readonly Signature[] {
  const found = new Set(signatures);
  // It grows while it is walked: no recursion, for a canvas may be deep.
  for (const each of found) {
    for (const part of [...partsOf(each), ...followersOf(each)]) found.add(part);
  }
  return [...found].filter((each) => kindOf(each) === "task");
}

function partsOf(signature: Signature): readonly Signature[] {
  const node = nodeOf(signature);
  switch (node.kind) {
    case "task":
      return [];
    case "chain":
      return node.steps;
    case "group":
      return node.members;
    case "chord":
      return [...node.header, node.body];
  }
}

/** What is linked to a canvas its parts have; what follows it in a chain or a chord follows the whole. */
function followersOf(signature: Signature): readonly Signature[] {
  const { link, link_error: linkError, chain, chord } = signature.options;
  const linked = kindOf(signature) === "task" ? [...listOf(link), ...listOf(linkError)] : [];
  return [...linked, ...listOf(chain), ...listOf(chord)];
}
