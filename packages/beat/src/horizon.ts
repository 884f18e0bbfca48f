/**
 * How far ahead of their time runs are sent.
 *
 * @module
 */

import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import { longestHorizon } from "./revision.ts";

/** More than a minute, which is how often most platforms tick. */
const usual = 90;

/** Seconds. Throws `ImproperlyConfigured` for what is no time, or too long: an edit takes back what was sent ahead. */
export function horizonOf(given: Duration = usual): number {
  const seconds = secondsOf(given);
  if (seconds >= 0 && seconds <= longestHorizon) return seconds;
  throw new ImproperlyConfigured(`The horizon of beat is ${given}: give 0 to ${longestHorizon} seconds`);
}
