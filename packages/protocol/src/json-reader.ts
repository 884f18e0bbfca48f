/**
 * A JSON parser for what `JSON.parse` cannot read: NaN, Infinity, -Infinity, and integers beyond 2^53.
 *
 * As strict as Python's in all else. Slower than the engine's, so {@link parseJson} uses it only where it must, and for
 * its error messages.
 *
 * @module
 */

import { InvalidMessageError } from "./errors.ts";
import { deepest } from "./json-value.ts";

/** Where the reader stands in its text. */
interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
}

/** What Python refuses to convert by default (sys.int_info.default_max_str_digits), as the time grows with the square. */
const mostDigits = 4300;

const space = /[ \t\n\r]*/y;
const word = /true|false|null|NaN|-?Infinity/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** Reads one JSON value that fills the whole text. Throws `InvalidMessageError` with the place of what is wrong. */
export function readPythonJson(text: string): unknown {
  const cursor: Cursor = { text, at: 0, depth: 0 };
  const value = readValue(cursor);
  if (cursor.at < text.length) refuse(cursor, "there is more text after the value");
  return value;
}

/** Reads a value and the space around it. */
function readValue(cursor: Cursor): unknown {
  take(cursor, space);
  const value = readBareValue(cursor);
  take(cursor, space);
  return value;
}

function readBareValue(cursor: Cursor): unknown {
  switch (cursor.text.charAt(cursor.at)) {
    case '"':
      return readString(cursor);
    case "[":
      return nested(cursor, readList);
    case "{":
      return nested(cursor, readObject);
    default:
      return readScalar(cursor);
  }
}

function nested(cursor: Cursor, read: (cursor: Cursor) => unknown): unknown {
  if (++cursor.depth > deepest) refuse(cursor, `nested more than ${deepest} levels deep`);
  cursor.at++;
  take(cursor, space);
  const value = read(cursor);
  cursor.depth--;
  return value;
}

function readList(cursor: Cursor): unknown[] {
  const list: unknown[] = [];
  if (skip(cursor, "]")) return list;
  do list.push(readValue(cursor));
  while (skip(cursor, ","));
  expect(cursor, "]");
  return list;
}

function readObject(cursor: Cursor): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  if (skip(cursor, "}")) return object;
  do readMember(cursor, object);
  while (skip(cursor, ","));
  expect(cursor, "}");
  return object;
}

function readMember(cursor: Cursor, object: Record<string, unknown>): void {
  take(cursor, space);
  if (cursor.text[cursor.at] !== '"') refuse(cursor, "a member's name in double quotes is missing");
  const key = readString(cursor);
  take(cursor, space);
  expect(cursor, ":");
  const value = readValue(cursor);
  // An assignment to `__proto__` would set the prototype instead.
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function readString(cursor: Cursor): string {
  const start = cursor.at;
  let end = start + 1;
  while (end < cursor.text.length && cursor.text[end] !== '"') end += cursor.text[end] === "\\" ? 2 : 1;
  cursor.at = end + 1;
  try {
    return String(JSON.parse(cursor.text.slice(start, cursor.at)));
  } catch {
    cursor.at = start;
    return refuse(cursor, "a string is not closed, or has a character that must be escaped");
  }
}

function readScalar(cursor: Cursor): unknown {
  const known = take(cursor, word);
  if (known !== "") return words.get(known);
  const digits = take(cursor, number);
  if (digits === "") return refuse(cursor, "a value is missing");
  return numberOf(cursor, digits);
}

function numberOf(cursor: Cursor, digits: string): number | bigint {
  const value = Number(digits);
  if (Number.isSafeInteger(value) || /[.eE]/.test(digits)) return value;
  if (digits.length > mostDigits) return refuse(cursor, `an integer has more than ${mostDigits} digits`);
  return BigInt(digits);
}

/** Takes what a sticky pattern matches here, which may be nothing. */
function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const taken = pattern.exec(cursor.text)?.[0] ?? "";
  cursor.at += taken.length;
  return taken;
}

function skip(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at++;
  return true;
}

function expect(cursor: Cursor, character: string): void {
  if (!skip(cursor, character)) refuse(cursor, `"${character}" is missing`);
}

function refuse(cursor: Cursor, reason: string): never {
  throw new InvalidMessageError(`Not JSON at character ${cursor.at}: ${reason}`);
}
