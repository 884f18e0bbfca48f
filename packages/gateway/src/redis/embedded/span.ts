/**
 * Redis's index ranges: both ends belong to it, negative ones count from the end.
 *
 * @module
 */

/** A run of elements: where it starts, and how many it has. */
export interface Span {
  readonly first: number;
  readonly count: number;
}

/** What `start` to `stop` means in a sequence of `size` elements. */
export function spanOf([start, stop]: readonly [number, number], size: number): Span {
  const first = Math.max(0, start < 0 ? start + size : start);
  const last = Math.min(size - 1, stop < 0 ? stop + size : stop);
  return { first, count: Math.max(0, last - first + 1) };
}
