/**
 * Chains: steps that follow one another, each with the result of the one before.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { chainOf } from "./parts.ts";
import { pipeAll } from "./pipe.ts";

/**
 * A chain of these steps: exactly what piping one into the next makes, so a group followed by a step has become a chord.
 * A chain without steps is nothing yet; it can be piped into, but not sent.
 */
export function chain(steps: readonly Signature[]): Signature {
  return pipeAll(chainOf([]), steps);
}
