/**
 * What remains of a chain travels backwards: the last element runs next, so a step is taken off the end.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";

/** From running order to travelling order, or back. */
export function reversed(steps: readonly Signature[]): readonly Signature[] {
  const backwards: Signature[] = [];
  for (const step of steps) backwards.unshift(step);
  return backwards;
}
