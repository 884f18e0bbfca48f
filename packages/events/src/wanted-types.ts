/**
 * Which events a reader over HTTP wants.
 *
 * @module
 */

import { nearestName } from "@umbel/core";
import { ImproperlyConfigured, knownEventTypes } from "@umbel/protocol";

/**
 * Types as `type` and `own` of a query name them, several with commas between; none for all. Throws `ImproperlyConfigured` for one
 * of `type` that is a slip, most likely: nothing would ever come of it. What `own` names is a program's own, however it is called.
 */
export function wantedTypes({ type = [], own = [] }: Queries): ReadonlySet<string> {
  const types = namesIn(type);
  for (const each of types) refuseSlip(each);
  return new Set([...types, ...namesIn(own)]);
}

/** A query's values, by their names. */
type Queries = Readonly<Partial<Record<string, readonly string[]>>>;

function namesIn(values: readonly string[]): readonly string[] {
  return values.flatMap((each) => each.split(","));
}

function refuseSlip(type: string): void {
  if (Object.hasOwn(knownEventTypes, type)) return;
  const nearest = nearestName(type, Object.keys(knownEventTypes));
  if (nearest === undefined) return;
  const escape = `own=${encodeURIComponent(type)} asks for events of your own that are called so`;
  throw new ImproperlyConfigured(`There is no event "${type}"; the nearest name is "${nearest}"; ${escape}`);
}
