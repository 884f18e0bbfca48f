/**
 * Gives every node of a canvas its id before anything is sent, so that everything can be sent twice (delivery.md 2).
 *
 * The id of a call is the id of its result: a task's own, a chain's last step's, a chord's body's, a group's. Every
 * other node's id is derived from it and from the node's place, `1/header/0` say. An id that a signature has already is
 * kept, so freezing twice changes nothing.
 *
 * @module
 */

import { ImproperlyConfigured, longestId, type ResultTuple, type Signature } from "@umbel/protocol";
import { accumulate } from "./accumulate.ts";
import { chord } from "./chord.ts";
import { chordNodeOf, membersOf } from "./node.ts";
import { chainOf, groupOf, kindOf } from "./parts.ts";
import { endsInGroup, pipe, settledSteps } from "./pipe.ts";
import { clone, listOf } from "./signature.ts";

/** Derives the id of what `parent` starts under `name`: always the same one. */
export type ChildId = (parent: string, name: string) => string;

/** Where ids come from. */
export interface FreezeOptions {
  /** Id of the call, unless the signature has one of its own. */
  readonly id: string;
  /**
   * What the other nodes' ids derive from, when that is not the call's own. A replacement has the id of the task that
   * it replaces, which may be the last of a canvas: deriving from it again would meet the ids of that canvas.
   */
  readonly base?: string;
  readonly childId: ChildId;
}

/** A signature with all its ids. */
export interface Frozen {
  readonly signature: Signature;
  /** Id of its result: of a task, or of a group when it ends in one. */
  readonly id: string;
  /** The ids of the result, its members and its parents, in Celery's form (celery-wire.md 6.3). */
  readonly result: ResultTuple;
}

/** A node's place in the canvas. */
interface Place {
  readonly base: string;
  readonly path: string;
  /** Id for the node's result, unless it has one. */
  readonly id: string;
  readonly parent: ResultTuple | null;
  readonly childId: ChildId;
}

/**
 * Freezes a signature: upgrades what is left to upgrade, and gives every task and group its id.
 * Throws `ImproperlyConfigured` for an empty chain, for a group with something linked to it and for an id that no message
 * takes, also among callbacks, and `InvalidMessageError` for a canvas whose parts cannot be read.
 */
export function freeze(signature: Signature, { id, base, childId }: FreezeOptions): Frozen {
  const own = signature.options.task_id ?? id;
  return freezeAt(signature, { base: base ?? own, path: "", id: own, parent: null, childId });
}

function freezeAt(signature: Signature, place: Place): Frozen {
  switch (kindOf(signature)) {
    case "task":
      return freezeTask(signature, place);
    case "chain":
      return freezeChain(settledSteps(signature), place);
    case "group":
      return freezeGroup(signature, place);
    case "chord":
      return freezeChord(signature, place);
  }
}

function freezeTask(signature: Signature, { id: given, parent, childId }: Place): Frozen {
  const id = fitting(signature.options.task_id ?? given, signature.task);
  const { link, link_error: linkError } = signature.options;
  // Callbacks get their ids when they are sent; this only finds out now what would fail then.
  for (const each of [...listOf(link), ...listOf(linkError)]) freeze(each, { id, childId });
  return { signature: clone(signature, { options: { task_id: id } }), id, result: [[id, parent], null] };
}

function fitting(id: string, task: string): string {
  if (id !== "" && id.length <= longestId) return id;
  throw new ImproperlyConfigured(`The id of ${task} has ${id.length} characters: give it 1 to ${longestId}`);
}

function freezeChain(steps: readonly Signature[], place: Place): Frozen {
  const [last] = steps.slice(-1);
  if (last === undefined) throw new ImproperlyConfigured("An empty chain cannot be sent: give it at least one step");
  if (steps.length === 1 && kindOf(last) !== "group") return freezeAt(last, place);
  let { parent } = place;
  const before = steps.slice(0, -1).map((step, index) => {
    const frozen = freezeAt(step, { ...below(place, String(index)), parent });
    parent = frozen.result;
    return frozen.signature;
  });
  const end = freezeAt(last, { ...below(place, String(before.length)), id: place.id, parent });
  return { ...end, signature: chainOf([...before, end.signature]) };
}

function freezeGroup(signature: Signature, place: Place): Frozen {
  const id = signature.options.task_id ?? place.id;
  const members = freezeMembers(membersOf(signature), place);
  const result = [[id, place.parent], members.map((each) => each.result)] as const;
  return { signature: groupOf(signaturesOf(members), id), id, result };
}

function freezeChord(signature: Signature, place: Place): Frozen {
  const { group, header, body, onError } = chordNodeOf(signature);
  const at = below(place, "header");
  const id = group ?? at.id;
  const members = freezeMembers(header.map(single), at);
  const parent = [[id, place.parent], members.map((each) => each.result)] as const;
  const end = freezeAt(body, { ...below(place, "body"), id: place.id, parent });
  return { ...end, signature: chord(groupOf(signaturesOf(members), id), end.signature, { onError }) };
}

/** A member whose value is a group's list ends in one task that returns the list, so that it is counted once. */
function single(member: Signature): Signature {
  return endsInGroup(member) ? pipe(member, accumulate()) : member;
}

function freezeMembers(members: readonly Signature[], place: Place): readonly Frozen[] {
  return members.map((each, index) => freezeAt(each, { ...below(place, String(index)), parent: null }));
}

function signaturesOf(frozen: readonly Frozen[]): readonly Signature[] {
  return frozen.map((each) => each.signature);
}

function below(place: Place, name: string): Place {
  const path = place.path === "" ? name : `${place.path}/${name}`;
  return { ...place, path, id: place.childId(place.base, path) };
}
