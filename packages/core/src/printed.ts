/**
 * Things that print themselves, though they are plain records.
 *
 * @module
 */

/** The same thing, which `String()` prints so; what lists, copies or compares its fields sees no difference. */
export function printed<Thing extends object>(thing: Thing, text: (thing: Thing) => string): Thing {
  return Object.defineProperty(thing, "toString", { value: () => text(thing), enumerable: false });
}
