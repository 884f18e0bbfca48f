/**
 * What `console.log` shows of the few things that a user holds: their text, and not all that they hold on to.
 *
 * @module
 */

/** Node's name for it; Bun and Deno ask by the same. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

/** What says how it is printed. */
interface Shown {
  toString: () => string;
}

/** The same thing, or class's prototype, shown as `String()` prints it. What lists or copies its fields sees no difference. */
export function shownAsText<Thing extends Shown>(thing: Thing): Thing {
  return Object.defineProperty(thing, inspect, { value: textOf, configurable: true });
}

function textOf(this: Shown): string {
  return this.toString();
}
