/**
 * The references that can be seen in a message, without reading what they refer to.
 *
 * @module
 */

import { listOf } from "@umbel/canvas";
import { type Reference, referenceIn, type Signature, type TaskEmbed } from "@umbel/protocol";

/** The references among signatures, and among what follows these. */
export function referencesIn(signatures: readonly Signature[]): readonly Reference[] {
  return signatures.flatMap((each) => {
    const { chain, chord, link, link_error: linkError } = each.options;
    const following = [...(chain ?? []), ...listOf(chord), ...listOf(link), ...listOf(linkError)];
    const own = referenceIn(each);
    return [...(own === undefined ? [] : [own]), ...referencesIn(following)];
  });
}

/** Everything that follows a call. */
export function followersIn(embed: TaskEmbed | null): readonly Signature[] {
  const { callbacks, errbacks, chain, chord } = embed ?? {};
  return [...listOf(callbacks), ...listOf(errbacks), ...listOf(chain), ...listOf(chord)];
}
