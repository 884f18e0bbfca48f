/**
 * Chances of every fault there is, so that a canvas of a dozen calls meets a few of them.
 *
 * @module
 */

import type { Chances } from "@umbel/testing";

/** Of each some. */
export const everyFault: Chances = {
  drop: 0.1,
  duplicate: 0.1,
  delay: 0.1,
  reorder: 0.2,
  loseAnswer: 0.05,
  resend: 0.05,
  crashBefore: 0.03,
  crashAfter: 0.03,
  leaseDeath: 0.05,
  outage: 0.03,
};
