/**
 * The account of a replay that goes in several steps: a step that fails does not take back what those before it have sent.
 *
 * @module
 */

import type { Replayed } from "./replayed.ts";

/** What became of some tasks. */
export type Part = Pick<Replayed, "refused" | "replayed">;

/** How it goes. */
export interface Going<Item> {
  /** What became of others before. */
  readonly before: Part;
  /** Most of them in a step. */
  readonly size: number;
  readonly act: (items: readonly Item[]) => Promise<Part>;
}

/**
 * Goes through them, and tells what became of each. Where a step throws and nothing was sent before, so does this; otherwise
 * its tasks, and those after it, are refused with the reason.
 */
export async function accountOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  { before, size, act }: Going<Item>,
): Promise<Part> {
  const parts: Part[] = [before];
  for (let start = 0; start < items.length; start += size) {
    try {
      parts.push(await act(items.slice(start, start + size)));
    } catch (error) {
      if (parts.every(({ replayed }) => replayed.length === 0)) throw error;
      parts.push({ replayed: [], refused: refusedFor(error, items.slice(start), size) });
      break;
    }
  }
  return { replayed: parts.flatMap((part) => part.replayed), refused: parts.flatMap((part) => part.refused) };
}

/** Of the step that has failed nobody knows what was sent; of those after it nothing was. */
function refusedFor(error: unknown, rest: readonly { readonly id: string }[], size: number): Part["refused"] {
  const why = error instanceof Error ? error.message : String(error);
  const unsure = `it may have been sent, and the same replay again sends it once: ${why}`;
  return rest.map(({ id }, nth) => ({
    id,
    reason: nth < size ? unsure : `it was not sent, for one before it was not: ${why}`,
  }));
}
