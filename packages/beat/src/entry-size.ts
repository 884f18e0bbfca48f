/**
 * How large an entry may be: so large that the store takes it in one call, whatever is kept of it later.
 *
 * @module
 */

import { MessageTooLargeError } from "@umbel/protocol";
import { sizeOf } from "./change-all.ts";
import type { Desk } from "./desk.ts";
import { changeTo } from "./entry-change.ts";
import { type EntrySpec, newRecord } from "./record.ts";
import { revised } from "./revision.ts";

/** Bytes that are left for what a record has besides: stretches that were missed, an error. */
const room = 16_384;

/**
 * Throws `MessageTooLargeError` for an entry that could not be kept, or not be edited: an edit keeps the old rules beside the
 * new ones until what they sent is taken back.
 */
export function checkSize({ app, store }: Desk, name: string, spec: EntrySpec): void {
  const { maxRequestSize } = store;
  if (maxRequestSize === undefined) return;
  const record = revised(newRecord(spec, 0, ""), 0);
  const size = sizeOf(changeTo({ app }, { name, stored: undefined }, { record, now: 0 }));
  if (size + room <= maxRequestSize) return;
  const [own, most] = [size, maxRequestSize - room].map((bytes) => Math.floor(bytes / 2));
  throw new MessageTooLargeError(
    `The entry "${name}" takes ${own} bytes, and ${store.name} keeps entries of ${most} at most: store its arguments, and hand on where`,
  );
}
