/**
 * Calls of one task over many items.
 *
 * @module
 */

import { type ImmutableSignature, signature, type Umbel } from "umbel";
import type { Over } from "./plan.ts";
import type { Part } from "./steps.ts";
import { badItem, chunkSize, itemsOf, type Maps } from "./value.ts";

/** Declares the task, and returns what makes calls of it. */
export function declareItems(app: Umbel): (label: string, ending: Maps) => Part {
  const item = app.task("property.item", (text: string) => {
    if (text.startsWith(badItem)) throw new RangeError(`too far: ${text}`);
    return `${text}!`;
  });
  const ways: Readonly<Record<Over, (texts: readonly string[]) => ImmutableSignature<unknown>>> = {
    map: (texts) => item.map(texts),
    starmap: (texts) => item.starmap(texts.map((each): [string] => [each])),
    chunks: (texts) =>
      item.chunks(
        texts.map((each): [string] => [each]),
        chunkSize,
      ),
  };
  return (label, ending) => signature(app, ways[ending.over](itemsOf(label, ending)).wire);
}
