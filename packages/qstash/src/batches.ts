/**
 * How many messages go into one call.
 *
 * @module
 */

import type { BatchItem } from "./request.ts";

/** Most messages in one call. */
export const maxBatch = 100;

/** Characters of bodies in one call: our gateway takes 10 MiB, and a body within JSON may need twice its size. */
const maxCharacters = 4_000_000;

/** The requests in order, cut where a call is full. One that is larger than a call goes alone. */
export function batchesOf(requests: readonly BatchItem[]): readonly (readonly BatchItem[])[] {
  const batches: BatchItem[][] = [];
  let characters = 0;
  for (const request of requests) {
    const size = request.body.length;
    const last = batches.at(-1);
    if (last && last.length < maxBatch && characters + size <= maxCharacters) {
      last.push(request);
      characters += size;
    } else {
      batches.push([request]);
      characters = size;
    }
  }
  return batches;
}
