/**
 * Changes many entries, in as few calls as the store takes.
 *
 * @module
 */

import { type EntryChange, writeJson } from "@umbel/protocol";
import type { Desk } from "./desk.ts";

/** Bytes of a request that are no change. */
const frame = 1024;

/** Changes entries, and then keeps the plan, when there is one. Whether each was changed, in order. Throws `BackendUnavailable`. */
export async function changeAll(
  { app, store }: Desk,
  changes: readonly EntryChange[],
  plan?: string,
): Promise<readonly boolean[]> {
  const applied: boolean[] = [];
  const parts = partsOf(changes, (store.maxRequestSize ?? Infinity) - frame);
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const request = { app: app.name, changes: part, ...(isLast && plan !== undefined ? { plan } : {}) };
    applied.push(...(await store.change(request)).applied);
  }
  return applied;
}

/** At least one part, which may be empty. */
function partsOf(changes: readonly EntryChange[], most: number): readonly (readonly EntryChange[])[] {
  if (most === Infinity) return [changes];
  const parts: EntryChange[][] = [[]];
  let size = 0;
  for (const change of changes) {
    const own = sizeOf(change);
    if (size > 0 && size + own > most) {
      parts.push([]);
      size = 0;
    }
    size += own;
    parts.at(-1)?.push(change);
  }
  return parts;
}

/** Bytes of it in a request, where it is a text in a JSON text. */
export function sizeOf(change: EntryChange): number {
  return new TextEncoder().encode(writeJson(writeJson(change))).length;
}
