/**
 * How much an answer holds at most.
 *
 * @module
 */

/**
 * Bytes of texts after which an answer ends, though there is more: a thousand long texts at once would be more than small
 * machines can hold.
 */
export const longestPage = 1_000_000;

/** Bytes of a text, as Lua counts them. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
