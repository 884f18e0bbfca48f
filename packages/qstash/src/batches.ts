/**
 * How many messages go into one call.
 *
 * @module
 */

import type { BatchItem } from "./request.ts";

/** Most messages in one call. */
export const maxBatch = 100;

/** Bytes of bodies in one call: our gateway takes 10 MiB, and a body within JSON may need twice its size. */
const maxBytes = 4_000_000;

/** The requests in order, cut where a call is full. One that is larger than a call goes alone. */
export function batchesOf(requests: readonly BatchItem[]): readonly (readonly BatchItem[])[] {
  const batches: BatchItem[][] = [];
  let bytes = 0;
  for (const request of requests) {
    const size = new TextEncoder().encode(request.body).length;
    const last = batches.at(-1);
    if (last && last.length < maxBatch && bytes + size <= maxBytes) {
      last.push(request);
      bytes += size;
    } else {
      batches.push([request]);
      bytes = size;
    }
  }
  return batches;
}
