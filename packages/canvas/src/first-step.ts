/**
 * What is sent of a chain.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { stepsOf } from "./node.ts";
import { clone } from "./signature.ts";

/** A chain's first step, with the rest, reversed, in its options: only it is sent, and the rest travels with it. */
export function firstStepOf(chain: Signature): Signature | undefined {
  const [first, ...rest] = stepsOf(chain);
  if (first === undefined) return undefined;
  const after = [...(chain.options.chain ?? []), ...rest.toReversed()];
  return after.length === 0 ? first : clone(first, { options: { chain: after } });
}
