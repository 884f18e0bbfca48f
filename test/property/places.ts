/**
 * Finds out which id belongs to which node of a canvas.
 *
 * @module
 */

import { clone, freeze, type FreezeOptions, replacementBase, single } from "@umbel/canvas";
import { childId } from "@umbel/core";
import type { ResultTuple } from "@umbel/protocol";
import type { CallFate, Fate, Line, Linked, Prophecy } from "./fate.ts";
import { nameOf } from "./fate.ts";
import { type Plan, withEnd } from "./plan.ts";
import type { CallNode } from "./sequence.ts";
import type { Part } from "./steps.ts";
import type { Addition, Beginning } from "./witness.ts";

/** What is known of a canvas that was sent. */
export interface Sent {
  /** Of the handle of the whole. */
  readonly tuple: ResultTuple;
  /** Builds a part of it as it was built when it was sent. */
  readonly buildPart: (plan: Plan) => Part;
  readonly additions: readonly Addition[];
  readonly beginnings: readonly Beginning[];
}

/** The ids of nodes. */
export type Places = ReadonlyMap<Fate, string>;

/** Where everything is, and what is not where it must be, a sentence each. */
export interface Found {
  readonly places: Places;
  readonly wrong: readonly string[];
}

/** Finds all of it. */
export function locate({ line, linked }: Prophecy, sent: Sent): Found {
  const search = { ...sent, places: new Map<Fate, string>() };
  const wrong = [...meet(line, sent.tuple, search), ...meetLinked(linked, search)];
  return { places: search.places, wrong };
}

interface Search extends Sent {
  readonly places: Map<Fate, string>;
}

/** Of what is linked the ids follow from its owner's, which may itself be part of what is linked. */
function meetLinked(linked: readonly Linked[], search: Search): readonly string[] {
  const owners = new Map<CallNode, string>();
  for (const [fate, id] of search.places) if (fate.kind === "call") owners.set(fate.node, id);
  const known = linked.filter(({ owner }) => owners.has(owner));
  const unknown = linked.filter(({ owner }) => !owners.has(owner));
  if (known.length === 0)
    return unknown.map(({ owner }) => `Something is linked to ${owner.step?.label}, which is nowhere`);
  const wrong = known.flatMap(({ owner, role, index, plan, line }) => {
    const id = childId(owners.get(owner) ?? "", `${role}/${index}`);
    return meet(line, freeze(search.buildPart(plan).wire, { id, childId }).result, search);
  });
  return [...wrong, ...meetLinked(unknown, search)];
}

/** Along the ids of a result and of its parents. */
function meet(line: Line, last: ResultTuple | null, search: Search): readonly string[] {
  let tuple = last;
  const wrong: string[] = [];
  for (const fate of line.toReversed()) {
    if (tuple === null) return [...wrong, `There is no handle for ${nameOf(fate)}`];
    wrong.push(...meetOne(fate, tuple, search));
    [[, tuple]] = tuple;
  }
  return tuple === null ? wrong : [...wrong, `There is a handle too many: ${tuple[0][0]}`];
}

function meetOne(fate: Fate, [[id], members]: ResultTuple, search: Search): readonly string[] {
  search.places.set(fate, id);
  if (fate.kind === "call") return members === null ? meetSent(fate, id, search) : [`${id} stands for ${nameOf(fate)}`];
  if (members?.length !== fate.members.length) return [`${id} has not ${fate.members.length} members`];
  return fate.members.flatMap((each, index) => meet(each, members[index] ?? null, search));
}

/** What a call has sent in its place, and to its chord. */
function meetSent({ replacement, added, node }: CallFate, id: string, search: Search): readonly string[] {
  const wrong = added.flatMap((line, index) => {
    const told = search.additions.filter((each) => each.label === node.step?.label && each.index === index);
    const ids = new Set(told.map(({ tuple: [[each]] }) => each));
    if (ids.size > 1) return [`${node.step?.label} has added member ${index} as ${[...ids].join(" and ")}`];
    return told.slice(0, 1).flatMap(({ tuple }) => meet(line, tuple, search));
  });
  if (replacement === null) return wrong;
  const { plan, line } = replacement;
  const attempt = attemptOf(node, id, search) ?? replacement.attempt;
  if (attempt < replacement.attempt) return [...wrong, `${node.step?.label} (${id}) was attempt ${attempt} of its id`];
  const options: FreezeOptions = { id, base: replacementBase({ id, attempt }, childId), childId };
  const unnamed = withEnd(plan, (step) => ({ ...step, named: false }));
  const sent = clone(single(search.buildPart(unnamed).wire), { options: { task_id: id } });
  return [...wrong, ...meet(line, freeze(sent, options).result, search)];
}

/** The number of the attempt that a call has ended with, as its body has told. */
function attemptOf({ step }: CallNode, id: string, { beginnings }: Search): number | undefined {
  const told = beginnings.filter((each) => each.label === step?.label && each.id === id);
  return told.reduce<number | undefined>((last, { attempt }) => Math.max(last ?? attempt, attempt), undefined);
}
