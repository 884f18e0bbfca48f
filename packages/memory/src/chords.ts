/**
 * Who of a chord has ended.
 *
 * @module
 */

import type { Backend, ChordPart, ChordState, JoinRequest } from "@umbel/protocol";
import { decodeChordPart, encodeChordPart, inHeaderOrder } from "@umbel/protocol";
import { expiringMap } from "./expiring.ts";

/** What is known of a chord. */
interface Chord {
  readonly parts: ReadonlyMap<string, ChordPart>;
  /** Ids of members that were added; some may not have ended yet. */
  readonly added: ReadonlySet<string>;
}

/** Creates an empty store of chords. */
export function chordStore(now: () => number): Pick<Backend, "join"> {
  const chords = expiringMap<Chord>(now);

  return {
    async join({ retention, ...request }) {
      const before = chords.get(request.group) ?? { parts: new Map(), added: new Set() };
      const chord = joined(before, { ...request, part: decodeChordPart(encodeChordPart(request.part)) });
      chords.keep(request.group, chord, retention);
      return stateOf(chord, request.size);
    },
  };
}

/** A member counts itself among the added ones when it is one: whoever added it may end after it, or never. */
function joined({ parts, added }: Chord, { part, adds = [] }: Pick<JoinRequest, "part" | "adds">): Chord {
  const isNew = !parts.has(part.id);
  const all = isNew ? new Map(parts).set(part.id, part) : parts;
  const own = isNew && part.added !== undefined ? [part.id] : [];
  return { parts: all, added: new Set([...added, ...own, ...adds.filter((id) => !all.has(id))]) };
}

function stateOf({ parts, added }: Chord, size: number): ChordState {
  if (parts.size < size + added.size) return { complete: false, ended: parts.size };
  return { complete: true, parts: inHeaderOrder([...parts.values()]) };
}
