/**
 * Objects of fields, among whatever no compiler has seen.
 *
 * @module
 */

/** Whether something is one: no list, Map, Date or promise, in which fields would be looked for in vain. */
export function hasFields(value: unknown): value is object {
  return Object.prototype.toString.call(value) === "[object Object]";
}
