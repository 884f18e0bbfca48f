/**
 * The algebra of every canvas.
 *
 * @module
 */

import type { Algebra } from "./algebra.ts";
import { expand } from "./expand.ts";
import { freeze } from "./freeze.ts";
import { pipe } from "./pipe.ts";
import { print } from "./print.ts";

/** For tasks, chains, groups and chords. */
export const whole: Algebra = { pipe, freeze, expand, print };
