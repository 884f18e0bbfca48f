/**
 * How many of something there are, in words.
 *
 * @module
 */

/** `1 event`, `6 events`, `0 events`. */
export function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
