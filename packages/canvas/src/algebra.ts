/**
 * What an application does with a canvas, whatever it consists of.
 *
 * There are two: one for whatever there is, and one for tasks and chains of them, which is all that most programs send; a
 * bundle takes the one that it uses.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import type { Call } from "./call.ts";
import type { Evaluate } from "./evaluate-steps.ts";
import type { FreezeOptions, Frozen } from "./place.ts";
import type { Given } from "./signature.ts";

/** How signatures are composed, sent and shown. */
export interface Algebra {
  /** First `left`, then `right` with its result. */
  readonly pipe: (left: Signature, right: Signature) => Signature;
  /** Gives every node its id. */
  readonly freeze: (signature: Signature, options: FreezeOptions) => Frozen;
  /** What is to be sent now. */
  readonly expand: (signature: Signature, given?: Given) => readonly Call[];
  /** All calls of a frozen signature, also those that are sent later, each with its share of what was set on the whole. */
  readonly tasksOf: (signature: Signature) => readonly Signature[];
  /** What it comes to when its calls are made on the spot. */
  readonly evaluate: (signature: Signature, call: Evaluate) => Promise<unknown>;
  /** A signature as text. */
  readonly print: (signature: Signature) => string;
}
