/**
 * Events that nobody can read: they are counted, and told of once.
 *
 * @module
 */

import { many } from "../many.ts";

/** What is said of so many. */
export function leftOut(count: number): string {
  return `${many(count, "event")} made no sense, and ${count === 1 ? "is" : "are"} left out`;
}
