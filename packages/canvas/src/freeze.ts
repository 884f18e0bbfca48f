/**
 * Gives every node of a canvas its id before anything is sent, so that everything can be sent twice (delivery.md 2).
 *
 * The id of a call is the id of its result: a task's own, a chain's last step's, a chord's body's, a group's. Every
 * other node's id is derived from it and from the node's place, `1/header/0` say. An id that a signature has already is
 * kept, so freezing twice changes nothing.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { chord } from "./chord.ts";
import { chordNodeOf, membersOf } from "./node.ts";
import { groupOf, kindOf } from "./parts.ts";
import { settledSteps } from "./pipe.ts";
import { below, freezeSteps, freezeTask, type FreezeOptions, type Frozen, type Place, rootOf } from "./place.ts";
import { listOf } from "./signature.ts";
import { single } from "./single.ts";

/**
 * Freezes a signature: upgrades what is left to upgrade, and gives every task and group its id.
 * Throws `ImproperlyConfigured` for an empty chain, for a group with something linked to it and for an id that no message
 * takes, also among callbacks, and `InvalidMessageError` for a canvas whose parts cannot be read.
 */
export function freeze(signature: Signature, options: FreezeOptions): Frozen {
  return freezeAt(signature, rootOf(signature, options));
}

function freezeAt(signature: Signature, place: Place): Frozen {
  switch (kindOf(signature)) {
    case "task":
      return freezeCall(signature, place);
    case "chain":
      return freezeChain(settledSteps(signature), place);
    case "group":
      return freezeGroup(signature, place);
    case "chord":
      return freezeChord(signature, place);
  }
}

function freezeCall(signature: Signature, place: Place): Frozen {
  const { link, link_error: linkError } = signature.options;
  const frozen = freezeTask(signature, place);
  // Callbacks get their ids when they are sent; this only finds out now what would fail then.
  for (const each of [...listOf(link), ...listOf(linkError)]) freeze(each, { id: frozen.id, childId: place.childId });
  return frozen;
}

function freezeChain(steps: readonly Signature[], place: Place): Frozen {
  const [only] = steps;
  const isStep = only !== undefined && steps.length === 1 && kindOf(only) !== "group";
  return isStep ? freezeAt(only, place) : freezeSteps(steps, place, freezeAt);
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

function freezeMembers(members: readonly Signature[], place: Place): readonly Frozen[] {
  return members.map((each, index) => freezeAt(each, { ...below(place, String(index)), parent: null }));
}

function signaturesOf(frozen: readonly Frozen[]): readonly Signature[] {
  return frozen.map((each) => each.signature);
}
