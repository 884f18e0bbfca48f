/**
 * What is given among options: one that is undefined is one that is not.
 *
 * @module
 */

/** The fields that have a value. */
export function givenIn<Fields extends object>(
  fields: Fields,
): { [K in keyof Fields]?: Exclude<Fields[K], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Sound: only fields of the same object are kept, and none that is undefined.
  return Object.fromEntries(kept) as { [K in keyof Fields]?: Exclude<Fields[K], undefined> };
}
