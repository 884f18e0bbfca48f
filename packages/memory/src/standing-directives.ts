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
  let refused: Pick<DirectivesChange, "paused" | "drained"> = { paused: [], drained: [] };

  return {
    unknownTo(revision) {
      const known = kept ?? none;
      return known.revision === revision ? undefined : known;
    },

    refuse: ({ queue, worker }) => refused.paused.includes(queue) || refused.drained.includes(worker),

    async directives() {
      return kept;
    },

    async direct({ from, text, paused, drained }) {
      if (from !== (kept?.revision ?? "")) return undefined;
      kept = { revision: String(Number(from) + 1), text };
      refused = { paused, drained };
      return kept;
    },
  };
}
