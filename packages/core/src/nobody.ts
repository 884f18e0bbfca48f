/**
 * Who sends a canvas without any step: it belongs to no application, and can still be piped into something that does.
 *
 * @module
 */

import { freeze } from "@umbel/canvas";
import { NotRegistered, type ResultTuple, type Signature } from "@umbel/protocol";
import { GroupResult } from "./group-result.ts";
import { childId, newId } from "./identity.ts";
import type { SignatureSender } from "./signature.ts";
import { whole } from "./whole.ts";

/** Sends what has no step: there is nothing to send, and the result is lists of lists, as the canvas is written. */
export const nobody: SignatureSender = {
  composition: whole,
  isNobody: true,
  apply: async (wire) => {
    const { result } = freeze(wire, { id: newId(), childId });
    return await Promise.resolve(emptyOf(result));
  },
  callHere: async (wire) => await whole.algebra.evaluate(wire, refuse),
};

async function refuse({ task }: Signature): Promise<never> {
  return await Promise.reject(new NotRegistered(task));
}

/** Groups in groups. What only makes one value of a group's list stands for that list. */
function emptyOf([[id, before], members]: ResultTuple): GroupResult {
  const parent = before === null ? null : emptyOf(before);
  if (members === null && parent !== null) return parent;
  return new GroupResult(undefined, id, { parent, results: (members ?? []).map(emptyOf) });
}
