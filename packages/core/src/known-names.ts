/**
 * Names that are given in an object: a misspelt one is refused, with the one that was meant, if that can be told.
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
  const nearest = nearestName(stranger, known);
  const hint = nearest === undefined ? "" : `; the nearest name is "${nearest}"`;
  const all = known.length > 1 && known.length <= few ? `; there are ${known.join(", ")}` : "";
  const named = what.replace(/(?= of |$)/, () => ` "${stranger}"`);
  throw new ImproperlyConfigured(`There is no ${named}${hint}${all || elsewhere(what, nearest)}`);
}

/** The known name that is meant by one that is not; undefined when none is near. */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const [nearest] = known.filter((name) => isNear(written, name)).toSorted(byDistanceFrom(written));
  return nearest;
}

function elsewhere(what: string, nearest: string | undefined): string {
  return nearest === undefined ? `; docs/${what === "setting" ? "settings" : "tasks"}.md has all that there are` : "";
}

/** So many names can be read in an error. */
const few = 12;

/** Whether one may have been written for the other: a slip or two, another ending, without what comes first. */
function isNear(written: string, name: string): boolean {
  const [short, long] = [plain(written), plain(name)];
  const start = short.slice(0, Math.ceil(short.length * 0.6));
  return long.startsWith(start) || long.endsWith(short) || distance(short, long) <= Math.max(2, short.length / 4);
}

/** As it would be in Celery's writing and in ours. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

function byDistanceFrom(written: string): (one: string, other: string) => number {
  return (one, other) => distance(written, one) - distance(written, other);
}

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
