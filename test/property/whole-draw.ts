/**
 * Draws of random canvases that have everything in them.
 *
 * @module
 */

import * as fc from "fast-check";
import { canvasFloors, countCases, featuresOf, shortfalls } from "./features.ts";
import { canvases } from "./generate.ts";

/** Draws that are looked at: of two hundred canvases one draw in two hundred lacks something. */
const mostDraws = 20;

/**
 * The first seed from this one on whose canvases have of everything what there has to be: chance is to choose the canvases,
 * not whether the test that has run them passes. The last one when none has, so that the test says what is lacking.
 */
export function wholeDraw(count: number, from: number): number {
  for (let seed = from; seed < from + mostDraws; seed += 1) {
    const counts = countCases(fc.sample(canvases(), { numRuns: count, seed }).map(featuresOf));
    if (shortfalls(counts, canvasFloors, count).length === 0) return seed;
  }
  return from + mostDraws;
}
