/**
 * What must come of a canvas, node by node.
 *
 * @module
 */

import type { Attempts, End, Loss } from "./ends.ts";
import type { Manner, Plan } from "./plan.ts";
import type { CallNode } from "./sequence.ts";

/** What must come of a canvas. */
export interface Prophecy {
  /** The canvas itself, in the order of its handles: the last is what `delay()` returns, the others its parents. */
  readonly line: Line;
  /** What was linked and is sent. */
  readonly linked: readonly Linked[];
}

/** What was linked to a call, which is sent as a canvas of its own. Its id follows from the call's and its place. */
export interface Linked {
  readonly owner: CallNode;
  readonly role: "link" | "errback";
  /** Place among those that are linked to the call in this role. */
  readonly index: number;
  readonly plan: Plan;
  readonly line: Line;
}

/** What must come of a sequence. */
export type Line = readonly Fate[];

/** What must come of a node. */
export type Fate = CallFate | GroupFate;

/** What must come of a call. */
export interface CallFate {
  readonly kind: "call";
  readonly node: CallNode;
  readonly end: End;
  /** In which manner its result is kept. */
  readonly keeper: Manner;
  /** Whether this call came to this end itself, and did not only inherit it. */
  readonly isOwn: boolean;
  /** How often its body begins, by the number of retries, when nothing goes wrong; empty when it never does. */
  readonly attempts: readonly Attempts[];
  /** What its body is given, as `shown` has it; null when it never runs. */
  readonly given: string | null;
  /** As text. */
  readonly stamps: string;
  /** What took its place. */
  readonly replacement: Replacement | null;
  /** What it adds to its chord, one for each member that it adds. */
  readonly added: readonly Line[];
}

/** What takes the place of a call, under its id. */
export interface Replacement {
  readonly plan: Plan;
  readonly line: Line;
  /** Which attempt of the id was the one that was replaced, at least: a large canvas in between is started by one more. */
  readonly attempt: number;
}

/** What must come of members side by side. */
export interface GroupFate {
  readonly kind: "group";
  readonly members: readonly Line[];
}

/** All lines of a prophecy. */
export function linesOf({ line, linked }: Prophecy): readonly Line[] {
  return [line, ...linked.map((each) => each.line)];
}

/** All calls of lines: those of groups, those that replace others, and those that are added. */
export function callsIn(lines: readonly Line[]): readonly CallFate[] {
  return lines.flat().flatMap((fate) => {
    if (fate.kind === "group") return callsIn(fate.members);
    const sent = callsIn([fate.replacement?.line ?? [], ...fate.added]);
    return sent.length === 0 ? fate : [fate].concat(sent);
  });
}

/** Whether a call's end is that it was lost. */
export function isLost(end: End): end is Loss {
  return end.state === "FAILURE" || end.state === "REVOKED";
}

/** A node in words. */
export function nameOf(fate: Fate): string {
  if (fate.kind === "group") return "a group";
  return fate.node.step === null ? "the call that makes one value of a list" : `step ${fate.node.step.label}`;
}
