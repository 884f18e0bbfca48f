/**
 * Counts the arguments that a task gets of each item, where it is mapped over many.
 *
 * @module
 */

import { chunksIn, chunksName, type Items, itemsIn } from "@umbel/canvas";
import { InvalidMessageError, type Signature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { countedAs } from "./counted-as.ts";

/** Throws `TypeError` for an item that a task known here cannot be called with. */
export function checkItems({ tasks }: CallingApplication, call: Pick<Signature, "task" | "kwargs">): void {
  let nth = 0;
  for (const { task, items, isSpread } of mappedIn(call)) {
    const known = tasks.get(task);
    for (const item of items) {
      nth += 1;
      const given = isSpread && Array.isArray(item) ? item : [item];
      countedAs(`item ${nth} of ${call.task}`, () => known?.checkStep?.(given, {}));
    }
  }
}

/** A foreign sender's may not say what is mapped, or over what: that is the end of it where it is run. */
function mappedIn(call: Pick<Signature, "task" | "kwargs">): readonly Items[] {
  try {
    if (call.task === chunksName) return chunksIn(call);
    const mapped = itemsIn(call);
    return mapped === undefined ? [] : [mapped];
  } catch (error) {
    if (error instanceof InvalidMessageError) return [];
    throw error;
  }
}
