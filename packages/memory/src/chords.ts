/**
 * Who of a chord has ended.
 *
 * @module
 */

import type { Backend, ChordPart, ChordState } from "@umbel/protocol";
import { decodeChordPart, encodeChordPart, inHeaderOrder } from "@umbel/protocol";
import { expiringMap } from "./expiring.ts";

/** Creates an empty store of chords. */
export function chordStore(now: () => number): Pick<Backend, "join"> {
  const chords = expiringMap<ReadonlyMap<string, ChordPart>>(now);

  return {
    async join({ group, size, part, retention }) {
      const before = chords.get(group) ?? new Map<string, ChordPart>();
      const parts = before.has(part.id) ? before : new Map(before).set(part.id, decodeChordPart(encodeChordPart(part)));
      chords.keep(group, parts, retention);
      return stateOf([...parts.values()], size);
    },
  };
}

function stateOf(parts: readonly ChordPart[], size: number): ChordState {
  if (parts.length < size) return { complete: false, ended: parts.length };
  return { complete: true, parts: inHeaderOrder(parts) };
}
