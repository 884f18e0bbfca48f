/**
 * Calls in a row, made on the spot.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { clone } from "./signature.ts";

/** Makes a single call. */
export type Evaluate = (call: Signature) => Promise<unknown>;

/** The value of the last of these steps, each of which gets the value of the one before. */
export async function evaluateSteps(steps: readonly Signature[], evaluateStep: Evaluate): Promise<unknown> {
  const [first, ...others] = steps;
  if (first === undefined) return null;
  let value = await evaluateStep(first);
  for (const step of others) value = await evaluateStep(clone(step, { args: [value] }));
  return value;
}
