/**
 * Groups: calls side by side, whose result is always a list, even of one; empty it is `[]` (delivery.md 15).
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { groupOf } from "./parts.ts";

/** A group of these members. A group among them counts as its members, in its place. */
export function group(members: readonly Signature[]): Signature {
  return groupOf(members);
}
