/**
 * Short names for the canvases of the tests, and ids that can be read.
 *
 * @module
 */

import { type ChildId, clone, type FreezeOptions, immutable, signature } from "@umbel/canvas";
import type { Signature, SignatureOptions } from "@umbel/protocol";

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
