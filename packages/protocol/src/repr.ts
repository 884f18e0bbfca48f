/**
 * Values in the words of Python's `repr`, for people: `argsrepr` and `kwargsrepr`, events, log lines, printed signatures.
 *
 * Monitors show these texts as they are. Never parsed, never longer than asked for, safe for any value.
 *
 * @module
 */

import { isPlainObject } from "./json-value.ts";

/** A text that is being written. */
interface Printer {
  readonly parts: string[];
  /** Characters that may still be written. */
  left: number;
  readonly above: Set<object>;
}

/** Levels after which only `...` is written. */
const mostLevels = 100;

const escapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** A value as Python would print it: `'text'`, `[1, None]`, `{'debug': True}`; cut to `max` characters, the last three then `...`. */
export function repr(value: unknown, max = 1024): string {
  return printed(max, (printer) => print(printer, value));
}

/** Positional arguments: `(2, 2)`, `(2,)`, `()`. */
export function reprArgs(args: readonly unknown[], max = 1024): string {
  return printed(max, (printer) => {
    put(printer, "(");
    printItems(printer, args);
    put(printer, args.length === 1 ? ",)" : ")");
  });
}

/** Keyword arguments: `{'debug': True}`, `{}`. */
export function reprKwargs(kwargs: Readonly<Record<string, unknown>>, max = 1024): string {
  return repr(kwargs, max);
}

function printed(max: number, write: (printer: Printer) => void): string {
  const printer: Printer = { parts: [], left: max + 1, above: new Set() };
  write(printer);
  const text = printer.parts.join("");
  if (text.length <= max) return text;
  return `${text.slice(0, Math.max(0, max - 3)).replace(/\p{Cs}$/u, "")}...`;
}

function put(printer: Printer, text: string): void {
  printer.parts.push(text);
  printer.left -= text.length;
}

function print(printer: Printer, value: unknown): void {
  if (printer.left <= 0) return;
  if (typeof value === "string") return put(printer, quote(value.slice(0, printer.left)));
  if (typeof value !== "object" || value === null) return put(printer, scalar(value));
  if (printer.above.has(value) || printer.above.size >= mostLevels) return put(printer, "...");
  printer.above.add(value);
  printParts(printer, value);
  printer.above.delete(value);
}

function printParts(printer: Printer, value: object): void {
  if (Array.isArray(value)) {
    put(printer, "[");
    printItems(printer, value);
    put(printer, "]");
  } else if (isPlainObject(value)) {
    put(printer, "{");
    printMembers(printer, value);
    put(printer, "}");
  } else {
    put(printer, instance(value));
  }
}

function printItems(printer: Printer, items: readonly unknown[]): void {
  for (const [index, item] of items.entries()) {
    if (printer.left <= 0) return;
    if (index > 0) put(printer, ", ");
    print(printer, item);
  }
}

function printMembers(printer: Printer, object: Readonly<Record<string, unknown>>): void {
  for (const [index, [key, member]] of Object.entries(object).entries()) {
    if (printer.left <= 0) return;
    if (index > 0) put(printer, ", ");
    print(printer, key);
    put(printer, ": ");
    print(printer, member);
  }
}

function scalar(value: unknown): string {
  if (value === undefined || value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numeral(value);
  if (typeof value === "function") return `<function ${value.name || "anonymous"}>`;
  return typeof value === "symbol" || typeof value === "bigint" ? value.toString() : "...";
}

function numeral(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0";
  return Math.abs(value) < 1e-4 ? value.toExponential().replace(/-(\d)$/, "-0$1") : String(value);
}

/** A backslash, and what Python takes for unprintable: all categories C and Z but the space, so also what turns the direction of writing. */
const unprintable = /[\\\p{C}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;

/** Single quotes, unless the text has single ones and no double ones. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replaceAll(unprintable, escape);
  return mark + (mark === "'" ? inner.replaceAll("'", "\\'") : inner) + mark;
}

function escape(character: string): string {
  const known = escapes.get(character);
  if (known !== undefined) return known;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length > 4) return `\\U${hex.padStart(8, "0")}`;
  return hex.length > 2 ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`;
}

/** An instance of a class: an error and a date tell what they hold, others only their class. */
function instance(value: object): string {
  if (value instanceof Error) return `${value.name}(${quote(value.message)})`;
  if (value instanceof Date) return `Date(${Number.isNaN(value.getTime()) ? "nan" : quote(value.toISOString())})`;
  return `<${value.constructor?.name || "object"}>`;
}
