/**
 * Events of the past in the order in which they happened: they are kept in that in which they came, and a caller's may come
 * after a worker's.
 *
 * @module
 */

import type { ReceivedEvent } from "umbel/events";

/** Takes events as they come. */
export interface InOrder {
  readonly take: (event: ReceivedEvent) => void;
  /** All of the past has been taken: it is told in order, and what comes from then on is told at once. */
  readonly endPast: () => void;
}

/** Makes one that tells each event once. Of two at one instant the one that came first is told first. */
export function inOrder(tell: (event: ReceivedEvent) => void): InOrder {
  let past: ReceivedEvent[] | undefined = [];
  return {
    take(event) {
      if (past === undefined) tell(event);
      else past.push(event);
    },
    endPast() {
      const told = past?.toSorted((one, other) => one.timestamp - other.timestamp) ?? [];
      past = undefined;
      told.forEach(tell);
    },
  };
}
