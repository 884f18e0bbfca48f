/**
 * Who of a chord has ended.
 *
 * @module
 */

import type { Backend, ChordPart, ChordState, JoinRequest } from "@umbel/protocol";
import { decodeChordPart, encodeChordPart, inHeaderOrder } from "@umbel/protocol";
import { expiringMap } from "./expiring.ts";

/** What is known of a chord. It is written into: copied at each end of a member, a chord of thousands would take minutes. */
interface Chord {
  readonly parts: Map<string, ChordPart>;
  /** Ids of members that were added; some may not have ended yet. */
  readonly added: Set<string>;
}

/** Creates an empty store of chords. */
export function chordStore(now: () => number): Pick<Backend, "join"> {
  const chords = expiringMap<Chord>(now);

  return {
    async join({ retention, ...request }) {
      const chord = chords.get(request.group) ?? { parts: new Map(), added: new Set() };
      count(chord, { ...request, part: decodeChordPart(encodeChordPart(request.part)) });
      chords.keep(request.group, chord, retention);
      return stateOf(chord, request.size);
    },
  };
}

/**
 * A member counts itself among the added ones when it is one: whoever added it may end after it, or never. One of the header
 * is none of them, though it was added as well, under its id.
 */
function count({ parts, added }: Chord, { part, adds = [] }: Pick<JoinRequest, "part" | "adds">): void {
  if (!parts.has(part.id)) {
    parts.set(part.id, part);
    if (part.added !== undefined) added.add(part.id);
  }
  if (part.added === undefined && added.delete(part.id)) parts.set(part.id, part);
  for (const id of adds) if (!parts.has(id)) added.add(id);
}

function stateOf({ parts, added }: Chord, size: number): ChordState {
  if (parts.size < size + added.size) return { complete: false, ended: parts.size };
  return { complete: true, parts: inHeaderOrder([...parts.values()]) };
}
