/**
 * What may travel as an argument or a result, and what to say about what may not.
 *
 * `JSON.stringify` drops or changes much in silence: `undefined` in a list, Map, NaN. Here each of these is an error that
 * says where the value stands and what to write in its place. Only a member that is `undefined` passes, for to leave it
 * out says the same.
 *
 * @module
 */

import { EncodeError } from "./errors.ts";

const loneSurrogate = /\p{Cs}/u;

/** Types that JSON has no form for, and what to do. */
const misfits: ReadonlyMap<string, string> = new Map([
  ["bigint", "a BigInt is not JSON; pass its text, value.toString()"],
  ["undefined", "undefined is not JSON; pass null"],
  ["function", "a function is not JSON; pass data, or the name of a task"],
  ["symbol", "a symbol is not JSON; pass its description"],
]);

/**
 * Most levels of lists and objects in anything that is read or written. Python's parser and Lua's cjson end at a
 * thousand as well, and at this depth no stack of a supported runtime overflows.
 */
export const deepest = 1000;

/** Where a check stands: the way there, and the objects on it. */
interface Trail {
  readonly start: string;
  readonly keys: (string | number)[];
  readonly above: Set<object>;
}

/** Whether a value is an object literal's: not a list, not an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The second test knows the Object.prototype of another realm, too.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Returns when a value is JSON through and through.
 *
 * Else throws `EncodeError` with the place, written from `path` on (`args[0].when`), and the fix.
 */
export function assertJson(value: unknown, path: string): void {
  check(value, { start: path, keys: [], above: new Set() });
}

function check(value: unknown, trail: Trail): void {
  const misfit = misfitOf(value);
  if (misfit !== undefined) refuse(trail, misfit);
  if (typeof value === "object" && value !== null) checkParts(value, trail);
}

/** What is wrong with a value by itself. */
function misfitOf(value: unknown): string | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return `${value} is not JSON; pass null or a text`;
  if (typeof value === "string" && loneSurrogate.test(value))
    return "half a surrogate pair is not text; cut texts between characters";
  if (typeof value === "function" && "toJSON" in value) return "a signature is not JSON; pass signature.toJSON()";
  return misfits.get(typeof value);
}

function checkParts(value: object, trail: Trail): void {
  if (trail.above.has(value)) refuse(trail, "this value contains itself; pass an id in its place");
  if (trail.above.size >= deepest) throw tooDeep(trail);
  if (!Array.isArray(value) && !isPlainObject(value)) refuse(trail, fixOf(value));

  trail.above.add(value);
  for (const [key, part] of partsOf(value)) {
    trail.keys.push(key);
    check(part, trail);
    trail.keys.pop();
  }
  trail.above.delete(value);
}

function partsOf(value: object): Iterable<[string | number, unknown]> {
  if (Array.isArray(value)) return value.entries();
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** What to say about an instance of a class. */
function fixOf(value: object): string {
  if (value instanceof Date) return "a Date is not JSON; pass value.toISOString()";
  if (value instanceof Map) return "a Map is not JSON; pass Object.fromEntries(value)";
  if (value instanceof Set) return "a Set is not JSON; pass [...value]";
  if (value instanceof Promise) return "a promise is not JSON; await it";
  if (value instanceof Error) return "an Error is not JSON; pass its name and message";
  if (ArrayBuffer.isView(value)) return "binary data is not JSON; pass it in base64";
  return `an instance of ${nameOf(value)} is not JSON; pass a plain object`;
}

function nameOf(value: object): string {
  const { constructor } = value;
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "a class";
}

function refuse(trail: Trail, reason: string): never {
  throw new EncodeError(`${placeOf(trail)}: ${reason}`);
}

function tooDeep(trail: Trail): EncodeError {
  return new EncodeError(`${trail.start}: nested more than ${deepest} levels deep; pass the parts on their own`);
}

/** `args[0].when`, or `kwargs["not a name"]`. */
function placeOf(trail: Trail): string {
  return trail.start + trail.keys.map(stepOf).join("");
}

function stepOf(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
