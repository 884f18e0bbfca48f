/**
 * Celery's `|`: what comes of putting one signature after another.
 *
 * The rules are Celery's (celery-semantics.md 3.4) but for what delivery.md 15 changes: a group is a list even of one, so
 * it is never unrolled, and whatever follows a group waits for all of it, so it becomes a chord at once. Celery leaves
 * the second of two groups in a row, and a group that a chord's body ends in, for its run time to repair.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { chord } from "./chord.ts";
import { chordNodeOf, nodeOf, stepsOf } from "./node.ts";
import { bodyIn, chainOf, groupOf, kindOf, tasksIn } from "./parts.ts";

/** First `left`, then `right` with its result. */
export function pipe(left: Signature, right: Signature): Signature {
  const node = nodeOf(left);
  switch (node.kind) {
    case "task":
      return pipeChain([left], right);
    case "chain":
      return pipeChain(node.steps, right);
    case "group":
      return chord(left, right);
    case "chord":
      return pipeChord(left, right);
  }
}

/**
 * A chain's steps once nothing in it is left to upgrade: no chain in it, and nothing that ends in a group but the last.
 * What {@link pipe} built is settled; a chain that a foreign writer made may not be.
 */
export function settledSteps(chain: Signature): readonly Signature[] {
  return stepsOf(chain).reduce(addStep, []);
}

function addStep(steps: readonly Signature[], next: Signature): readonly Signature[] {
  if (kindOf(next) === "chain") return stepsOf(next).reduce(addStep, steps);
  const [last] = steps.slice(-1);
  if (last === undefined || !endsInGroup(last)) return [...steps, next];
  return [...steps.slice(0, -1), kindOf(last) === "group" ? chord(last, next) : extend(last, next)];
}

/** Whether the value of a signature is the list of a group that nothing has joined yet. */
export function endsInGroup(signature: Signature): boolean {
  switch (kindOf(signature)) {
    case "task":
      return false;
    case "chain":
      return tasksIn(signature).slice(-1).some(endsInGroup);
    case "group":
      return true;
    case "chord":
      return endsInGroup(bodyIn(signature));
  }
}

function pipeChain(steps: readonly Signature[], right: Signature): Signature {
  if (kindOf(right) === "chain") return stepsOf(right).reduce(pipe, chainOf(steps));
  const before = steps.slice(0, -1);
  const [last] = steps.slice(-1);
  if (last === undefined) return chainOf([right]);
  if (kindOf(last) === "group") return joinLast(before, chord(last, right));
  if (kindOf(last) !== "chord") return chainOf([...steps, right]);
  const isNextStep = kindOf(right) === "chord" && !endsInGroup(last);
  return isNextStep ? chainOf([...steps, right]) : unwrap([...before, extend(last, right)]);
}

/** The chord that a chain's last group has become; when a chord is before it, it follows in that one's body. */
function joinLast(before: readonly Signature[], made: Signature): Signature {
  const [previous] = before.slice(-1);
  if (previous === undefined || kindOf(previous) !== "chord") return unwrap([...before, made]);
  return unwrap([...before.slice(0, -1), extend(previous, made)]);
}

function pipeChord(left: Signature, right: Signature): Signature {
  const kind = kindOf(right);
  if (kind === "task" || kind === "chord" || endsInGroup(left)) return extend(left, right);
  return chainOf([left, ...(kind === "chain" ? settledSteps(right) : [right])]);
}

/** The same chord, its body followed by `right`. */
function extend(chordSignature: Signature, right: Signature): Signature {
  const { group, header, body, onError } = chordNodeOf(chordSignature);
  return chord(groupOf(header, group), pipe(body, right), { onError });
}

/** A chain that has shrunk to one chord is that chord. */
function unwrap(steps: readonly Signature[]): Signature {
  const [only] = steps;
  return only !== undefined && steps.length === 1 ? only : chainOf(steps);
}
