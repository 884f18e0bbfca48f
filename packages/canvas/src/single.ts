/**
 * A canvas as one value: what a chord counts is a task.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { accumulate } from "./accumulate.ts";
import { endsInGroup, pipe } from "./pipe.ts";

/** The same; where its value is a group's list, it ends in one task that returns the list, so that it is counted once. */
export function single(signature: Signature): Signature {
  return endsInGroup(signature) ? pipe(signature, accumulate()) : signature;
}
