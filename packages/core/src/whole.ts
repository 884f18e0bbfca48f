/**
 * Every canvas: what comes with `group()` and `chord()`.
 *
 * @module
 */

import { whole as algebra } from "@umbel/canvas";
import type { Composition } from "./composition.ts";
import { handleOf } from "./handle.ts";
import { start } from "./start.ts";

/** Tasks, chains, groups and chords. */
export const whole: Composition = { algebra, isWhole: true, start, handleOf };
