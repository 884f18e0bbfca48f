/**
 * JSON as Python reads and writes it: with NaN, the infinities, and integers of any size (celery-wire.md 13).
 *
 * An integer that a number cannot hold becomes a bigint and is written back digit by digit, so a value that only passes
 * through a worker (a chain's arguments, a chord's results) arrives as it was sent. `1.0` is read as `1`: that is lost.
 *
 * @module
 */

import { EncodeError, InvalidMessageError } from "./errors.ts";
import { deepest, isPlainObject } from "./json-value.ts";
import { readPythonJson } from "./json-reader.ts";

/** What `JSON.parse` refuses or rounds: Python's three words, and integers of 16 digits or more. May match in vain. */
const beyondJavaScript = /NaN|Infinity|(?<![.\d])\d{16}/;

/**
 * Reads JSON in Python's dialect.
 *
 * `__proto__` becomes a property like any other. Throws `InvalidMessageError` that names the place when the text is not
 * JSON, is nested more than {@link deepest} levels, or has an integer of more than 4300 digits (Python's own limit).
 */
export function parseJson(text: string): unknown {
  if (beyondJavaScript.test(text)) return readPythonJson(text);
  if (depthOf(text) > deepest) throw new InvalidMessageError(`JSON is nested more than ${deepest} levels deep`);
  try {
    return JSON.parse(text);
  } catch {
    return readPythonJson(text); // Refuses it in words that do not depend on the engine.
  }
}

/**
 * Writes a value as JSON in Python's dialect: the inverse of {@link parseJson}.
 *
 * Members that are `undefined` are left out. Throws `EncodeError` for what has no place in JSON (a function, a symbol,
 * `undefined` in a list, an instance of a class) and for values nested more than {@link deepest} levels, cycles included.
 */
export function writeJson(value: unknown): string {
  return isCommon(value, 0) ? JSON.stringify(value) : write(value, 0);
}

/**
 * Whether JavaScript's own writer writes a value as Python's would, as it does nearly all. It is four times as fast, and
 * events are written with every step of a task.
 */
function isCommon(value: unknown, depth: number): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return isCommonNumber(value);
  return typeof value === "object" && depth < deepest && hasCommonParts(value, depth + 1);
}

function isCommonNumber(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) && !Object.is(value, -0) : Number.isFinite(value);
}

function hasCommonParts(value: object, depth: number): boolean {
  // What is inherited could answer for the value.
  if ("toJSON" in value) return false;
  // By the iterator, which does not pass over the holes of a list.
  if (Array.isArray(value)) return [...value].every((item) => isCommon(item, depth));
  return isPlainObject(value) && Object.values(value).every((part) => part === undefined || isCommon(part, depth));
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return writeNumber(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "null" : writeParts(value, depth + 1);
    case "undefined":
    case "function":
    case "symbol":
      throw new EncodeError(`A value of type ${typeof value} cannot be written as JSON`);
  }
}

/** A number that is no safe integer is written with a point or an exponent: as bare digits it would come back as a bigint. */
function writeNumber(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return value.toExponential();
  return String(value);
}

function writeParts(value: object, depth: number): string {
  if (depth > deepest) throw new EncodeError(`A value is nested more than ${deepest} levels deep, or contains itself`);
  if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, depth)).join(",")}]`;
  if (!isPlainObject(value)) throw new EncodeError("An instance of a class cannot be written as JSON");
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${write(member, depth)}`).join(",")}}`;
}

/** How many levels of lists and objects a text opens at most. Only looks at brackets outside strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepestSeen = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') inString = !inString;
    else if (inString) at += character === "\\" ? 1 : 0;
    else if (character === "[" || character === "{") deepestSeen = Math.max(deepestSeen, ++depth);
    else if (character === "]" || character === "}") depth--;
  }
  return deepestSeen;
}
