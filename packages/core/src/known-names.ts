/**
 * Names that are given in an object: a misspelt one is refused, with the nearest that exists.
 *
 * The compiler sees misspelt names as well, but Bun, Deno and Node run what it has not checked.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";

/**
 * Throws `ImproperlyConfigured` when `given` has a name that is not among `known`; tells all that are where they are few.
 * `what` is what the names are, `option of shop.add` say.
 */
export function checkNames(given: object, known: readonly string[], what: string): void {
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger === undefined) return;
  const nearest = known.toSorted((one, other) => distance(stranger, one) - distance(stranger, other))[0];
  const all = known.length <= few ? ` of ${known.join(", ")}` : "";
  throw new ImproperlyConfigured(`There is no ${what} "${stranger}"; the nearest name is "${nearest}"${all}`);
}

/** So many names can be read in an error. */
const few = 12;

/** Levenshtein's distance between two names. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, letter] of Array.from(from).entries()) {
    const next = [line + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const change = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
