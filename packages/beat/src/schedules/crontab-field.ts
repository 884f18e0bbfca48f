/**
 * Reads a field of a crontab: Celery's grammar, without what Celery takes and does not mean.
 *
 * - `*`, a number, a range, and lists of them: `0,8-17`. A range may wrap: `22-2`, `fri-mon`, `nov-feb`.
 * - A step takes every n-th element of what stands before it, from its first: `8-17/2`; `55-5/3` is 55, 58, 1, 4.
 * - Names of weekdays and months, in full or three letters, in any case, in their own field only. Sunday is 0 or 7.
 *
 * @module
 */

import { allOf, countFrom, type Field, numberOf } from "./crontab-fields.ts";
import { reasonFor, refusal } from "./crontab-refusal.ts";

/** What a field may be given as. */
export type FieldValue = number | string | Iterable<number>;

/** A field that was read. */
export interface ReadField {
  /** As it was written, without blanks; what is no text as the text for it. */
  readonly text: string;
  readonly values: ReadonlySet<number>;
}

/** Reads a field. Throws `ImproperlyConfigured`, with the field, the value and what is allowed. */
export function readField(field: Field, given: unknown): ReadField {
  const value = isIterable(given) ? [...given] : given;
  const text = textOf(field, value);
  const parts = text.split(",").map((part) => part.trim());
  return { text: parts.join(","), values: new Set(parts.flatMap((part) => numbersIn({ field, value, part }))) };
}

/** A part of a value of a field. */
interface Reading {
  readonly field: Field;
  readonly value: unknown;
  /** What stands between two commas. */
  readonly part: string;
}

function textOf(field: Field, value: unknown): string {
  if (typeof value === "string") return value;
  const numbers = typeof value === "number" ? [value] : value;
  if (!Array.isArray(numbers)) throw refusal(field, value, "it is no number, no text and no list of numbers");
  if (numbers.length === 0) throw refusal(field, value, "there is no number in it");
  const odd = numbers.find((each) => !Number.isInteger(each));
  if (typeof odd === "string") throw refusal(field, value, "texts go into one, with commas between them");
  if (odd !== undefined) throw refusal(field, value, "whole numbers are wanted");
  return numbers.join(",");
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function numbersIn(reading: Reading): readonly number[] {
  const { field, value, part } = reading;
  const match = /^(?:\*|(?<from>\w+)(?:-(?<to>\w+))?)(?:\/(?<step>\d+))?$/.exec(part);
  if (match === null || /^\w+\//.test(part)) throw refusal(field, value, reasonFor(field, part));
  const { from, to = from, step = "1" } = match.groups ?? {};
  if (Number(step) === 0) throw refusal(field, value, "a step is 1 or more");
  const all = from === undefined || to === undefined ? allOf(field) : rangeOf(reading, [from, to]);
  return all.filter((_, index) => index % Number(step) === 0);
}

/** From one to the other, by way of the field's end when the other comes first. */
function rangeOf(reading: Reading, [from, to]: readonly [string, string]): readonly number[] {
  const { field } = reading;
  const { least, most } = field;
  const own = (number: number) => (number > most ? least : number);
  const [first, last] = [numberIn(reading, from), numberIn(reading, to)];
  if (first === last) return [own(first)];
  const start = own(first);
  const numbers = start <= last ? countFrom(start, last) : [...countFrom(start, most), ...countFrom(least, last)];
  return numbers.map(own);
}

/** A number, or a name. */
function numberIn({ field, value, part }: Reading, word: string): number {
  const number = /^\d+$/.test(word) ? Number(word) : numberOf(field, word);
  if (number === undefined) throw refusal(field, value, reasonFor(field, part));
  if (number < field.least) throw refusal(field, value, `${word} is less than ${field.least}`);
  if (number <= field.highest) return number;
  const first = field.least === 0 && number === field.most + 1 ? `: the first ${field.name} is 0` : "";
  throw refusal(field, value, `${word} is more than ${field.highest}${first}`);
}
