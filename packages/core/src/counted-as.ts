/**
 * Where a wrong number of arguments is, for whoever has written a canvas of many calls.
 *
 * @module
 */

/** Counts arguments. Throws the `TypeError` for a wrong number with these words about the place behind it. */
export function countedAs(place: string, count: () => void): void {
  try {
    count();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TypeError(`${error.message} (${place})`, { cause: error });
  }
}
