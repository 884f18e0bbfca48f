/**
 * What operators have asked of all workers, and what is refused because of it.
 *
 * @module
 */

import type { ClaimNotes, DirectivesChange, KeptDirectives, MonitorStore } from "@umbel/protocol";

/** The directives. */
export interface StandingDirectives extends Pick<MonitorStore, "directives" | "direct"> {
  /** Those that whoever knows this revision has not heard of: empty ones, of no revision, where there are none. */
  unknownTo(revision: string): KeptDirectives | undefined;
  /** Whether they want nothing begun of what such notes tell of. */
  refuse(notes: Pick<ClaimNotes, "queue" | "worker">): boolean;
}

const none: KeptDirectives = { revision: "", text: "{}" };

/** Creates them; nobody has asked for anything. */
export function standingDirectives(): StandingDirectives {
  let kept: KeptDirectives | undefined;
  let last: DirectivesChange = { from: "", text: "", paused: [], drained: [] };

  return {
    unknownTo(revision) {
      const known = kept ?? none;
      return known.revision === revision ? undefined : known;
    },

    refuse: ({ queue, worker }) => last.paused.includes(queue) || last.drained.includes(worker),

    async directives() {
      return kept;
    },

    async direct(change) {
      if (kept && isSame(change, last)) return kept;
      const { from, text } = change;
      if (from !== (kept?.revision ?? "")) return undefined;
      kept = { revision: String(Number(from) + 1), text };
      last = change;
      return kept;
    },
  };
}

function isSame(one: DirectivesChange, other: DirectivesChange): boolean {
  return writingOf(one) === writingOf(other);
}

function writingOf({ from, text, paused, drained }: DirectivesChange): string {
  return JSON.stringify([from, text, paused, drained]);
}
