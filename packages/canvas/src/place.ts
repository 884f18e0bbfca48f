/**
 * Ids of the nodes of a canvas: each is derived from the canvas's own and the node's place, `1/header/0` say.
 *
 * @module
 */

import { ImproperlyConfigured, longestId, type ResultTuple, type Signature } from "@umbel/protocol";
import { chainOf } from "./parts.ts";
import { clone } from "./signature.ts";

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
export interface Place {
  readonly base: string;
  readonly path: string;
  /** Id for the node's result, unless it has one. */
  readonly id: string;
  readonly parent: ResultTuple | null;
  readonly childId: ChildId;
}

/** Freezes what is at a place. */
type FreezeAt = (signature: Signature, place: Place) => Frozen;

/** The place of a signature that is in no other. */
export function rootOf({ options }: Signature, { id, base, childId }: FreezeOptions): Place {
  const own = options.task_id ?? id;
  return { base: base ?? own, path: "", id: own, parent: null, childId };
}

/** Freezes one call. Throws `ImproperlyConfigured` for an id that no message takes. */
export function freezeTask(signature: Signature, { id: given, parent }: Place): Frozen {
  const id = fitting(signature.options.task_id ?? given, signature.task);
  return { signature: clone(signature, { options: { task_id: id } }), id, result: [[id, parent], null] };
}

function fitting(id: string, task: string): string {
  if (id !== "" && id.length <= longestId) return id;
  throw new ImproperlyConfigured(`The id of ${task} has ${id.length} characters: give it 1 to ${longestId}`);
}

/** Freezes the steps of a chain, of which there are more than one, or one that stays a chain's. */
export function freezeSteps(steps: readonly Signature[], place: Place, freezeAt: FreezeAt): Frozen {
  const [last] = steps.slice(-1);
  if (last === undefined) throw new ImproperlyConfigured("An empty chain cannot be sent: give it at least one step");
  let { parent } = place;
  const before = steps.slice(0, -1).map((step, index) => {
    const frozen = freezeAt(step, { ...below(place, String(index)), parent });
    parent = frozen.result;
    return frozen.signature;
  });
  const end = freezeAt(last, { ...below(place, String(before.length)), id: place.id, parent });
  return { ...end, signature: chainOf([...before, end.signature]) };
}

/** The place of a part. */
export function below(place: Place, name: string): Place {
  const path = place.path === "" ? name : `${place.path}/${name}`;
  return { ...place, path, id: place.childId(place.base, path) };
}
