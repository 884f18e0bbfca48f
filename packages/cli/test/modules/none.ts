/** What is no application. */

/** A number. */
export const limit = 3;

/** A function. */
export function double(value: number): number {
  return value * 2;
}
