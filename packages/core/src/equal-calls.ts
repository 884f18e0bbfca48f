/**
 * Tells equal calls of one run apart by their number: the first is 0.
 *
 * @module
 */

/** The numbers that calls of one run have. */
export interface EqualCalls {
  /** The first number that no equal call has. */
  take(called: string): number;
  /**
   * Gives a number back, when nobody knows whether its call was sent: a body that tries again makes the same call, not
   * another one.
   */
  giveBack(called: string, nth: number): void;
}

/** Begins to count. */
export function equalCalls(): EqualCalls {
  const counts = new Map<string, { next: number; given: number[] }>();
  return {
    take(called) {
      const count = counts.get(called) ?? { next: 0, given: [] };
      counts.set(called, count);
      const [first] = count.given.splice(0, 1);
      return first ?? count.next++;
    },
    giveBack(called, nth) {
      const count = counts.get(called);
      if (count !== undefined) count.given = [...count.given, nth].toSorted((one, other) => one - other);
    },
  };
}
