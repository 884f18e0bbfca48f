/**
 * Changes many entries, in as few calls as the store takes.
 *
 * @module
 */

import { type Changed, type EntryChange, writeJson } from "@umbel/protocol";
import type { Desk } from "./desk.ts";

/** Bytes of a request that are no change. */
const frame = 1024;

/** Changes entries. Whether each was changed, in order, and the store's clock. Throws `BackendUnavailable`. */
export async function changeAll({ app, store }: Desk, changes: readonly EntryChange[]): Promise<Changed> {
  const answers: Changed[] = [];
  for (const part of partsOf(changes, (store.maxRequestSize ?? Infinity) - frame)) {
    answers.push(await store.change({ app: app.name, changes: part }));
  }
  return { now: answers.at(-1)?.now ?? 0, applied: answers.flatMap(({ applied }) => applied) };
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
