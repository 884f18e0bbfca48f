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
  return pipeAll(left, [right]);
}

/** What piping `rights` behind `left`, one after the other, makes; the canvas is copied once, not once for each. */
export function pipeAll(left: Signature, rights: readonly Signature[]): Signature {
  const canvas = opened(left);
  putAll(canvas, rights);
  const [only] = canvas.steps;
  return only === undefined || canvas.isChain ? chainOf(canvas.steps) : only;
}

/**
 * A chain's steps once nothing in it is left to upgrade: no chain in it, and nothing that ends in a group but the last.
 * What {@link pipe} built is settled; a chain that a foreign writer made may not be.
 */
export function settledSteps(chain: Signature): readonly Signature[] {
  const settled: Signature[] = [];
  settle(chain, settled);
  return settled;
}

function settle(chain: Signature, settled: Signature[]): void {
  for (const next of stepsOf(chain)) {
    const last = settled.at(-1);
    if (kindOf(next) === "chain") settle(next, settled);
    else if (last === undefined || !endsInGroup(last)) settled.push(next);
    else settled.splice(-1, 1, kindOf(last) === "group" ? chord(last, next) : extend(last, [next]));
  }
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

/** A canvas to which more is put; nobody else sees its list of steps. */
interface Growing {
  readonly steps: Signature[];
  /** False: the only step, a group or a chord, is the whole canvas. */
  isChain: boolean;
}

/** What is put behind a canvas at once: calls in a row, or one of anything. */
type Run = readonly [first: Signature, ...calls: Signature[]];

function opened(signature: Signature): Growing {
  const node = nodeOf(signature);
  if (node.kind === "chain") return { steps: [...node.steps], isChain: true };
  return { steps: [signature], isChain: node.kind === "task" };
}

function putAll(canvas: Growing, rights: readonly Signature[]): void {
  for (const run of runsOf(rights)) put(canvas, run);
}

function runsOf(rights: readonly Signature[]): readonly Run[] {
  const runs: [Signature, ...Signature[]][] = [];
  for (const right of rights) {
    const run = runs.at(-1);
    if (run !== undefined && kindOf(run[0]) === "task" && kindOf(right) === "task") run.push(right);
    else runs.push([right]);
  }
  return runs;
}

function put(canvas: Growing, run: Run): void {
  const [first] = run;
  const last = canvas.steps.at(-1);
  if (canvas.isChain && kindOf(first) === "chain") putAll(canvas, stepsOf(first));
  else if (last === undefined) putSteps(canvas, run);
  else if (kindOf(last) === "group") putBehindGroup(canvas, last, run);
  else if (kindOf(last) === "chord" && isForBody(first, last, canvas)) replaceLast(canvas, extend(last, run));
  else putSteps(canvas, kindOf(first) === "chain" ? settledSteps(first) : run);
}

function putSteps(canvas: Growing, steps: readonly Signature[]): void {
  for (const step of steps) canvas.steps.push(step);
  canvas.isChain = true;
}

/** A group that is followed becomes a chord; when a chord is before it, that chord's body goes on with it. */
function putBehindGroup(canvas: Growing, last: Signature, [first, ...calls]: Run): void {
  const made = chord(last, first);
  const previous = canvas.steps.at(-2);
  const follows = previous !== undefined && kindOf(previous) === "chord";
  if (follows) canvas.steps.pop();
  replaceLast(canvas, follows ? extend(previous, [made]) : made);
  putAll(canvas, calls);
}

/** Whether what follows a chord belongs to the chord's body, and is no step of its own. */
function isForBody(next: Signature, last: Signature, { isChain }: Growing): boolean {
  if (endsInGroup(last)) return true;
  const kind = kindOf(next);
  return isChain ? kind !== "chord" : kind === "task" || kind === "chord";
}

/** A chain that has shrunk to one chord is that chord. */
function replaceLast(canvas: Growing, made: Signature): void {
  canvas.steps.splice(-1, 1, made);
  canvas.isChain = canvas.steps.length > 1;
}

/** The same chord, its body followed by `rights`. */
function extend(chordSignature: Signature, rights: readonly Signature[]): Signature {
  const { group, header, body, onError } = chordNodeOf(chordSignature);
  return chord(groupOf(header, group), pipeAll(body, rights), { onError });
}
