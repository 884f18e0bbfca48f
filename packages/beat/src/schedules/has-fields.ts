/**
 * Objects of fields, among whatever no compiler has seen.
 *
 * @module
 */

/** In these, fields would be looked for in vain. By their names, as another realm's are none of ours. */
const others: ReadonlySet<string> = new Set(["Array", "Date", "Map", "Promise", "Set"]);

/** Whether something is one; an object may call itself what it likes. */
export function hasFields(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return !others.has(Object.prototype.toString.call(value).slice("[object ".length, -1));
}
