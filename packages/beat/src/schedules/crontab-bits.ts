/**
 * Small numbers as the bits of one: which of them are allowed.
 *
 * @module
 */

/** The numbers of a set, each of them from 0 to 31, as bits. */
export function bitsOf(values: Iterable<number>): number {
  let bits = 0;
  for (const value of values) bits |= 1 << value;
  return bits;
}

/** All numbers from one on, which is 31 at most. */
export function allFrom(least: number): number {
  return -1 << least;
}

/** The lowest number; -1 when there is none. */
export function lowestOf(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
