/**
 * All signatures that a canvas consists of: its parts, what is linked to them, at any depth.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { bodyIn, headerIn, kindOf, tasksIn } from "./parts.ts";
import { listOf } from "./signature.ts";

/** A signature and each one in it, the outer ones first. Throws `InvalidMessageError` for parts that cannot be read. */
export function everythingIn(signature: Signature): readonly Signature[] {
  const found = [signature];
  // It grows while it is walked: no recursion, for a canvas may be deep.
  for (const each of found) {
    for (const part of partsOf(each)) found.push(part);
    for (const linked of linkedTo(each)) found.push(linked);
  }
  return found;
}

/** Whether a chord is anywhere in it. */
export function hasChord(signature: Signature): boolean {
  return everythingIn(signature).some((each) => kindOf(each) === "chord" || isSet(each.options.chord));
}

function partsOf(signature: Signature): readonly Signature[] {
  switch (kindOf(signature)) {
    case "task":
      return [];
    case "chain":
    case "group":
      return tasksIn(signature);
    case "chord":
      return [...tasksIn(headerIn(signature)), bodyIn(signature)];
  }
}

function linkedTo({ options: { link, link_error: linkError, chain, chord } }: Signature): readonly Signature[] {
  return [...listOf(link), ...listOf(linkError), ...(chain ?? []), ...(isSet(chord) ? [chord] : [])];
}

function isSet(chord: Signature["options"]["chord"]): chord is Signature {
  return chord !== null && chord !== undefined;
}
