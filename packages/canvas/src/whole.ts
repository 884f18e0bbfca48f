/**
 * The algebra of every canvas.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import type { Algebra } from "./algebra.ts";
import { evaluate } from "./evaluate.ts";
import { expand } from "./expand.ts";
import { freeze } from "./freeze.ts";
import { nodeOf } from "./node.ts";
import { pipe } from "./pipe.ts";
import { print } from "./print.ts";

/** For tasks, chains, groups and chords. */
export const whole: Algebra = { pipe, freeze, expand, tasksOf, evaluate, print };

function tasksOf(signature: Signature): readonly Signature[] {
  const node = nodeOf(signature);
  switch (node.kind) {
    case "task":
      return [signature];
    case "chain":
      return node.steps.flatMap(tasksOf);
    case "group":
      return node.members.flatMap(tasksOf);
    case "chord":
      return [...node.header, node.body].flatMap(tasksOf);
  }
}
