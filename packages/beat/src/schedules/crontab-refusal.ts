/**
 * What is said of a crontab that cannot be read: the field, the value, what is allowed, and what may have been meant.
 *
 * @module
 */

import { nearestName, shownValue } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import { type Field, fields, numberOf } from "./crontab-fields.ts";

/** What is said of a part of such a form; undefined when it is something else in this field. */
type Saying = (field: Field, found: readonly (string | undefined)[]) => string | undefined;

/** Forms of what is no part of a field; the most telling first. */
const sayings: readonly (readonly [RegExp, Saying])[] = [
  [/^$/, () => "there is nothing between two commas, or at all"],
  [/^\?$/, () => 'there is no "?": write "*"'],
  [/^(\w+)#([1-5])$/, nthWeekday],
  [/^\w*L$|^L[-W]/i, lastOne],
  [/^\d+W$/i, () => 'there is no "W" for the nearest weekday: name the days that it may be'],
  [/^[HR](?:$|[(/])/, () => "nothing is drawn by lot here: write a number"],
  [/^(\d+)\/(\d+)$/, ({ most }, [, from, step]) => `a step needs a range: write "${from}-${most}/${step}"`],
  [/[a-z]+/i, strangeWord],
  [/^-\d/, () => "there are no negative numbers"],
  [/^\d*\.\d/, () => "it is no whole number"],
  [/\s/, () => "there are no blanks in it"],
  [/\/$/, () => "there is no number after the slash"],
  [/^(?:\*|\d+-\d+)(?:\/\d+)?/, (_, [start]) => `what follows "${start}" says nothing`],
];

/** An error for a value of a field. */
export function refusal(field: Field, value: unknown, why: string): ImproperlyConfigured {
  return new ImproperlyConfigured(
    `The crontab's ${field.name} ${shown(value)}: ${why}; allowed are ${allowedIn(field)}`,
  );
}

/** Why a part of a field, one between commas, cannot be read. */
export function reasonFor(field: Field, part: string): string {
  for (const [form, saying] of sayings) {
    const found = form.exec(part);
    const said = found === null ? undefined : saying(field, found);
    if (said !== undefined) return said;
  }
  return `${quoted(part)} says nothing`;
}

/** A value as an error shows it. */
export function shown(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  return shownValue(value);
}

function quoted(text: string): string {
  return `"${text}"`;
}

function allowedIn({ name, least, most, words }: Field): string {
  const numbers = name === "dayOfWeek" ? "0 to 7 (0 and 7 are Sunday)" : `${least} to ${most}`;
  const [first = "", last = ""] = [words[0], words.at(-1)];
  const named = words.length === 0 ? "" : `, ${first} to ${last} in full or three letters`;
  return `${numbers}${named}, ranges ("2-5"), all ("*"), steps of these ("*/2", "2-5/2") and lists ("2,4-5")`;
}

function nthWeekday({ name }: Field, [, weekday = "", which]: readonly (string | undefined)[]): string | undefined {
  if (name !== "dayOfWeek") return undefined;
  const last = Number(which) * 7;
  const days = `${last - 6}-${Math.min(last, 31)}`;
  return `there is no "#": write dayOfWeek "${weekday}" and dayOfMonth "${days}", for both have to match`;
}

function lastOne({ name }: Field): string | undefined {
  if (name !== "dayOfWeek" && name !== "dayOfMonth") return undefined;
  return 'there is no "L" for the last one: name the days that it may be, and let the task look at the date';
}

function strangeWord(field: Field, [word = ""]: readonly (string | undefined)[]): string | undefined {
  if (numberOf(field, word) !== undefined) return undefined;
  const home = Object.values(fields).find((other) => numberOf(other, word) !== undefined);
  if (home !== undefined) return `"${word}" belongs in ${home.name}`;
  const near = nearestName(word, field.words);
  return near === undefined ? undefined : `"${word}" is no name: the nearest is "${near}"`;
}
