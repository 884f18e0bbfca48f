/**
 * The oracle's view of a canvas: what happens in which order, and nothing else.
 *
 * However a canvas was put together, it is a sequence of calls and of sets of sequences side by side; what comes after
 * such a set waits for all of it and gets the list. A chord is its header and then its body; a chain's steps lie in the
 * sequence as they are; a group directly inside a group, or in a header, is opened (delivery.md 15).
 *
 * Knows nothing of how the product does it, and imports nothing of it.
 *
 * @module
 */

import type { Plan, StepPlan } from "./plan.ts";

/** One after the other. */
export type Sequence = readonly Node[];

/** A call, or sequences side by side. */
export type Node = CallNode | SideBySide;

/** One call. */
export interface CallNode {
  readonly kind: "call";
  /** Null for the call that makes one value of a group's list, where a chord counts the group as one member. */
  readonly step: StepPlan | null;
  /** Told when it fails: its own first, then those of what it belongs to. */
  readonly errbacks: readonly Plan[];
  /** Sent with its value when it succeeds. */
  readonly link: readonly Plan[];
}

/** Sequences side by side. */
export interface SideBySide {
  readonly kind: "side by side";
  readonly members: readonly Sequence[];
  /** What follows gets the ends of the members instead of their values. */
  readonly collects: boolean;
}

/** What a plan comes to. */
export function sequenceOf(plan: Plan): Sequence {
  return membersCounted(linesOf(plan));
}

/** What a plan comes to that is to have one value: what a chord counts, or what takes a step's place. */
export function memberOf(plan: Plan): Sequence {
  return membersCounted(asOne(linesOf(plan)));
}

/** What takes the place of a call: its end has the call's callbacks, after its own, and every part of it its errbacks. */
export function inPlaceOf(plan: Plan, { errbacks, link }: CallNode): Sequence {
  const sequence = membersCounted(withErrbacks(asOne(linesOf(plan)), errbacks));
  const end = sequence.at(-1);
  return end?.kind === "call" ? [...sequence.slice(0, -1), { ...end, link: [...end.link, ...link] }] : sequence;
}

function linesOf(plan: Plan): Sequence {
  switch (plan.kind) {
    case "step":
      return [{ kind: "call", step: plan, errbacks: plan.linkError, link: plan.link }];
    case "chain":
      return withErrbacks(plan.steps.flatMap(linesOf), plan.linkError);
    case "group":
      return [{ kind: "side by side", members: membersOf(plan), collects: false }];
    case "chord": {
      const members = headerOf(plan.header);
      const collects = plan.onError === "collect";
      return withErrbacks([{ kind: "side by side", members, collects }, ...linesOf(plan.body)], plan.linkError);
    }
  }
}

function membersOf(plan: Plan): readonly Sequence[] {
  if (plan.kind !== "group") return [linesOf(plan)];
  return plan.members.flatMap(membersOf).map((each) => withErrbacks(each, plan.linkError));
}

function headerOf(header: readonly Plan[] | Plan): readonly Sequence[] {
  return [header].flat().flatMap(membersOf);
}

/**
 * What is linked to a canvas is linked to each call in it that may be the one to fail it. The members of a set that is
 * waited for are none: their failure is that of what waits for them.
 */
function withErrbacks(sequence: Sequence, errbacks: readonly Plan[]): Sequence {
  if (errbacks.length === 0) return sequence;
  return sequence.map((node, index) => {
    if (node.kind === "call") return { ...node, errbacks: [...node.errbacks, ...errbacks] };
    if (index < sequence.length - 1) return node;
    return { ...node, members: node.members.map((each) => withErrbacks(each, errbacks)) };
  });
}

/** A chord counts each member as one call: what ends in a group gets one that stands for the list. */
function membersCounted(sequence: Sequence): Sequence {
  return sequence.map((node, index) => {
    if (node.kind === "call") return node;
    const isAwaited = index < sequence.length - 1;
    return { ...node, members: node.members.map((each) => membersCounted(isAwaited ? asOne(each) : each)) };
  });
}

function asOne(member: Sequence): Sequence {
  const end = member.at(-1);
  return end?.kind === "side by side" ? [...member, { kind: "call", step: null, errbacks: [], link: [] }] : member;
}
