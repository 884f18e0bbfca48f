/**
 * Tells when a program that runs in memory has come to rest: nothing it started has moved for a few turns of the event
 * loop.
 *
 * @module
 */

import { turn } from "./turn.ts";

/** Counts signs of life, and waits for their end. */
export interface Pulse {
  /** How many there were. */
  readonly beats: () => number;
  /** Gives a sign of life. */
  readonly beat: () => void;
  /** Resolves when none has come for so many turns of the event loop. */
  rest(turns: number): Promise<void>;
}

/** Makes one for something that has not moved yet. */
export function pulse(): Pulse {
  let count = 0;
  return {
    beats: () => count,
    beat: () => void (count += 1),
    async rest(turns) {
      for (let still = 0, seen = count; still < turns; still += 1) {
        await turn();
        if (count !== seen) still = -1;
        seen = count;
      }
    },
  };
}
