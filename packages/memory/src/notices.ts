/**
 * What a backend's calls tell whoever watches.
 *
 * @module
 */

import type { ClaimNotes, EventLetter, KeptDirectives, Sighting } from "@umbel/protocol";
import type { EventLog } from "./event-log.ts";
import type { Roll } from "./roll.ts";
import type { StandingDirectives } from "./standing-directives.ts";

/** Where it is told. */
export interface Notices {
  /** Whether an operator wants nothing like it begun. */
  refuse(notes: ClaimNotes | undefined): boolean;
  /** Takes a claim's notes; returns what its answer is to have besides. */
  claimed(notes: ClaimNotes | undefined, become: Become): { readonly directives?: KeptDirectives };
  seen(sighting: Sighting | undefined): void;
  tell(events: readonly EventLetter[] | undefined): void;
}

/** What has become of a claim. A token that asks again takes and begins nothing. */
export interface Become {
  /** The holder's token asks again: what it told is not told again. */
  readonly isRepeated: boolean;
  /** It has taken the task. */
  readonly isTaken: boolean;
  /** And begins an attempt. */
  readonly isBegun: boolean;
}

/** What notices go to. */
export interface NoticeOptions {
  readonly events: EventLog;
  readonly roll: Roll;
  readonly directives: StandingDirectives;
}

/** Creates it. */
export function noticesTo({ events, roll, directives }: NoticeOptions): Notices {
  return {
    refuse: (notes) => notes !== undefined && directives.refuse(notes),

    claimed(notes, { isRepeated, isTaken, isBegun }) {
      if (!notes) return {};
      const letter = notes.sighting && roll.see(notes.sighting);
      if (letter && !isRepeated) events.tell([letter]);
      if (isTaken) events.tell(notes.received);
      if (isBegun) {
        events.tell(notes.started);
        roll.begin(notes);
      }
      const unknown = directives.unknownTo(notes.directives);
      return unknown ? { directives: unknown } : {};
    },

    seen(sighting) {
      const letter = sighting && roll.see(sighting);
      if (letter) events.tell([letter]);
    },

    tell: (letters) => events.tell(letters),
  };
}
