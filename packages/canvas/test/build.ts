/**
 * Short names for the canvases of the tests, and ids that can be read.
 *
 * @module
 */

import { type ChildId, clone, type FreezeOptions, immutable, print, signature } from "@umbel/canvas";
import { decodeSignature, type Signature, type SignatureOptions } from "@umbel/protocol";

/** A signature of `tasks.<name>`. */
export function task(name: string, ...args: readonly unknown[]): Signature {
  return signature(`tasks.${name}`, { args });
}

/** An immutable signature of `tasks.<name>`. */
export function fixed(name: string, ...args: readonly unknown[]): Signature {
  return immutable(task(name, ...args));
}

/** The same with options. */
export function withOptions(of: Signature, options: SignatureOptions): Signature {
  return clone(of, { options });
}

/** Ids that show where they come from. */
export const childId: ChildId = (parent, name) => `${parent}/${name}`;

/** Options of a freeze whose call has the id `root`. */
export const atRoot: FreezeOptions = { id: "root", childId };

/** How a canvas is built, without arguments: `chain(t, group(u, v))`. */
export function shapeOf(canvas: Signature): string {
  const { subtask_type: kind, kwargs } = canvas;
  if (kind === "chord") return `chord(${listOf(kwargs["header"])}, ${listOf([kwargs["body"]])})`;
  if (kind === "chain" || kind === "group") return `${kind}(${listOf(kwargs["tasks"])})`;
  return print(canvas)
    .replace(/^tasks\./u, "")
    .replace(/\(.*$/u, "");
}

function listOf(value: unknown): string {
  const signatures: readonly unknown[] = Array.isArray(value) ? value : [value];
  return signatures.map((each) => shapeOf(decodeSignature(each))).join(", ");
}
