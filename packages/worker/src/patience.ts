/**
 * How a worker waits for a store that is away.
 *
 * @module
 */

/** Seconds before a store that could not be reached so many times in a row, from 1, is asked again. */
export function pauseAfter(failures: number): number {
  return Math.min(5, 0.2 * failures);
}
