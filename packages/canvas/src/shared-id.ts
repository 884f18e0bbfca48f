/**
 * Finds two parts of a canvas that have one id.
 *
 * Ids deduplicate: only one of the two would run, and a chord would wait for the other. So whoever sends a canvas refuses it
 * before anything of it is sent.
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
  /** An errback of a canvas is one of each of its calls: whichever fails first has it run. */
  readonly isErrback: boolean;
}

/**
 * Throws `ImproperlyConfigured` that names both parts when two calls, or two groups, of a frozen canvas have the same id, also
 * among what is linked. One errback may be linked to many calls.
 */
export function refuseSharedIds(canvas: Signature): void {
  const known = new Map<string, Part>();
  const parts: Part[] = [{ signature: canvas, place: "", isErrback: false }];
  // It grows while it is walked: no recursion, for a canvas may be deep.
  for (const part of parts) {
    for (const each of partsOf(part)) parts.push(each);
    const key = keyOf(part.signature);
    if (key === undefined) continue;
    const other = known.get(key);
    if (other === undefined) known.set(key, part);
    else if (!isOneErrback(part, other)) throw sharing(other, part);
  }
}

/** Groups have ids of a kind of their own; what else is not a call gets none. */
function keyOf(signature: Signature): string | undefined {
  const { task_id: id } = signature.options;
  const kind = kindOf(signature);
  return typeof id === "string" && (kind === "task" || kind === "group") ? `${kind} ${id}` : undefined;
}

function isOneErrback(part: Part, other: Part): boolean {
  return part.isErrback && other.isErrback && part.signature.task === other.signature.task;
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
  const { link, link_error: linkError, chain, chord } = part.signature.options;
  return [
    ...insideOf(part.signature).map(([name, each]) => partAt(part, name, each)),
    ...listed(part, "link", listOf(link)),
    ...listed({ ...part, isErrback: true }, "linkError", listOf(linkError)),
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

function partAt({ place, isErrback }: Part, name: string, signature: Signature): Part {
  return { signature, place: place === "" ? name : `${place}.${name}`, isErrback };
}
