/**
 * How long what takes time takes on real processes.
 *
 * @module
 */

import type { Delays } from "../property/steps.ts";

/** Seconds. The broker's clock has whole seconds only. */
export const realDelays: Delays = {
  retry: 0.1,
  later: 1,
  expiry: 2,
  tooLate: 3,
  slow: 0.5,
  apart: 0.2,
  rate: 100,
  period: 1,
};
