/**
 * Finds two parts of a canvas that have one id.
 *
 * Ids deduplicate: only one of the two would run, and what waits for the other would get a value that is not its own. So
 * whoever sends a canvas refuses it before anything of it is sent.
 *
 * @module
 */

import { ImproperlyConfigured, type Signature } from "@umbel/protocol";
import { bodyIn, headerIn, kindOf, tasksIn } from "./parts.ts";
import { listOf } from "./signature.ts";

/** A signature, and where in the canvas it is. */
interface Part {
  readonly signature: Signature;
  /** `steps[1].header[0]` say; empty for the canvas itself. */
  readonly place: string;
}

/**
 * Throws `ImproperlyConfigured` that names both parts when two calls, or two groups, of a frozen canvas have the same id.
 * What is linked is not looked at: nobody waits for that, and one that is linked to many calls is to run once.
 */
export function refuseSharedIds(canvas: Signature): void {
  const known = new Map<string, Part>();
  const parts: Part[] = [{ signature: canvas, place: "" }];
  // It grows while it is walked: no recursion, for a canvas may be deep.
  for (const part of parts) {
    for (const each of partsOf(part)) parts.push(each);
    const key = keyOf(part.signature);
    if (key === undefined) continue;
    const other = known.get(key);
    if (other === undefined) known.set(key, part);
    else throw sharing(other, part);
  }
}

/** Groups have ids of a kind of their own; what else is not a call gets none. */
function keyOf(signature: Signature): string | undefined {
  const { task_id: id } = signature.options;
  const kind = kindOf(signature);
  return typeof id === "string" && (kind === "task" || kind === "group") ? `${kind} ${id}` : undefined;
}

function sharing(one: Part, other: Part): ImproperlyConfigured {
  const id = JSON.stringify(one.signature.options.task_id);
  return new ImproperlyConfigured(
    `Two parts of one canvas have the id ${id}: ${named(one)} and ${named(other)}. ` +
      "Only one of them would run: give each a taskId of its own, or none",
  );
}

function named({ signature, place }: Part): string {
  return place === "" ? signature.task : `${signature.task} (${place})`;
}

function partsOf(part: Part): readonly Part[] {
  const { chain, chord } = part.signature.options;
  return [
    ...insideOf(part.signature).map(([name, each]) => partAt(part, name, each)),
    ...listed(part, "chain", chain ?? []),
    ...listed(part, "chord", listOf(chord)),
  ];
}

function insideOf(signature: Signature): readonly (readonly [name: string, part: Signature])[] {
  switch (kindOf(signature)) {
    case "task":
      return [];
    case "chain":
      return tasksIn(signature).map((each, index) => [`steps[${index}]`, each]);
    case "group":
      return tasksIn(signature).map((each, index) => [`members[${index}]`, each]);
    case "chord":
      return [
        ["header", headerIn(signature)],
        ["body", bodyIn(signature)],
      ];
  }
}

function listed(part: Part, name: string, signatures: readonly Signature[]): readonly Part[] {
  return signatures.map((each, index) => partAt(part, `${name}[${index}]`, each));
}

function partAt({ place }: Part, name: string, signature: Signature): Part {
  return { signature, place: place === "" ? name : `${place}.${name}` };
}
