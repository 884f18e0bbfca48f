/**
 * Options that there are: a misspelt one is refused where no compiler has seen it.
 *
 * @module
 */

import { ImproperlyConfigured } from "./errors.ts";

/** Throws `ImproperlyConfigured` for an option that is not among the known ones; `of` is what takes them, `qstash()` say. */
export function checkOptionNames(of: string, given: object, known: Readonly<Record<string, unknown>>): void {
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (stranger === undefined) return;
  throw new ImproperlyConfigured(`${of} has no option "${stranger}"; there are ${Object.keys(known).join(", ")}`);
}
