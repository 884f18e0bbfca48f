/**
 * How long the members of a skewed group wait.
 *
 * @module
 */

import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";

/** From when on, until when, and how far apart members start. */
export type Skew = readonly [start?: Duration, stop?: Duration, step?: Duration];

/**
 * Seconds after which the nth member starts: `start` (1), each a `step` (1) later, none after `stop`: those that would, start
 * with the last that does not (kombu's fxrange). Throws `ImproperlyConfigured` for a wait or a step that is none.
 */
export function skewed([start = 1, stop, step = 1]: Skew): (nth: number) => number {
  const [first, apart] = [secondsOf(start), secondsOf(step)];
  if (first < 0)
    throw new ImproperlyConfigured("skew() takes a start of 0 or more: a call cannot start before it is sent");
  if (apart <= 0) throw new ImproperlyConfigured("skew() takes a step of more than no time");
  const last = stop === undefined ? Infinity : Math.max(0, Math.floor((secondsOf(stop) - first) / apart));
  return (nth) => first + Math.min(nth, last) * apart;
}
