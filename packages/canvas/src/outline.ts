/**
 * The outline of a canvas: how its nodes lie in each other, and nothing of what they are.
 *
 * Ids follow from the canvas's own and from each node's place, so they can be had again from a few characters, however many
 * nodes there are: equal ones in a row are written once. An id that somebody has chosen cannot.
 *
 * @module
 */

import { InvalidMessageError, type Signature } from "@umbel/protocol";
import { chainOf, chordOf, groupOf, headerIn, bodyIn, kindOf, tasksIn } from "./parts.ts";
import { signature } from "./signature.ts";

/** Nodes in a row. */
export type Outline = readonly Readonly<OutlineRun>[];

/** So many equal nodes: tasks, or canvases of these parts. */
type OutlineRun =
  | [times: number]
  | [times: number, kind: "chain" | "group", parts: Outline]
  | [times: number, kind: "chord", header: Outline, body: Outline];

/** Task name of what stands in an outline for every task. */
const outlinedName = "umbel.outlined";

/** Most nodes of an outline that is read: more than a canvas has, and too few to do harm. */
const mostNodes = 1_000_000;

/** The outline of a canvas. */
export function outlineOf(canvas: Signature): Outline {
  return inRuns([canvas]);
}

/** A canvas of that outline. Throws `InvalidMessageError` for what is no outline of one. */
export function outlined(outline: unknown): Signature {
  const [canvas, ...others] = nodesIn(outline, { left: mostNodes });
  return canvas !== undefined && others.length === 0 ? canvas : refuse();
}

function inRuns(signatures: readonly Signature[]): Outline {
  const runs: { readonly text: string; readonly run: OutlineRun }[] = [];
  for (const each of signatures) {
    const run = runOf(each);
    const text = JSON.stringify(run);
    const last = runs.at(-1);
    if (last?.text === text) last.run[0] += 1;
    else runs.push({ text, run });
  }
  return runs.map(({ run }) => run);
}

function runOf(canvas: Signature): OutlineRun {
  const kind = kindOf(canvas);
  switch (kind) {
    case "task":
      return [1];
    case "chain":
    case "group":
      return [1, kind, inRuns(tasksIn(canvas))];
    case "chord":
      return [1, kind, inRuns(tasksIn(headerIn(canvas))), inRuns([bodyIn(canvas)])];
  }
}

interface Room {
  /** How many nodes more there may be. */
  left: number;
}

function nodesIn(outline: unknown, room: Room): readonly Signature[] {
  if (!Array.isArray(outline)) return refuse();
  return outline.flatMap((run: unknown) => {
    if (!Array.isArray(run)) return refuse();
    const [times, ...parts]: readonly unknown[] = run;
    if (typeof times !== "number" || !Number.isInteger(times) || times < 1 || times > room.left) return refuse();
    return Array.from({ length: times }, () => nodeIn(parts, room));
  });
}

function nodeIn([kind, parts, body]: readonly unknown[], room: Room): Signature {
  room.left -= 1;
  if (room.left < 0) return refuse();
  if (kind === undefined) return signature(outlinedName);
  if (kind === "chain") return chainOf(nodesIn(parts, room));
  if (kind === "group") return groupOf(nodesIn(parts, room));
  const [end, ...others] = kind === "chord" ? nodesIn(body, room) : [];
  return end !== undefined && others.length === 0 ? chordOf(groupOf(nodesIn(parts, room)), end) : refuse();
}

function refuse(): never {
  throw new InvalidMessageError("This is not the outline of a canvas");
}
