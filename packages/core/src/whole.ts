/**
 * Every canvas: what comes with `group()` and `chord()`.
 *
 * @module
 */

import { skew, whole as algebra } from "@umbel/canvas";
import type { Composition } from "./composition.ts";
import { handleOf } from "./handle.ts";
import { skewed } from "./skew.ts";
import { start } from "./start.ts";

/** Tasks, chains, groups and chords. */
export const whole: Composition = {
  algebra,
  isWhole: true,
  start,
  skew: (group, given) => skew(group, skewed(given)),
  handleOf,
};
