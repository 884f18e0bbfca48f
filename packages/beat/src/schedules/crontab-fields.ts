/**
 * The fields of a crontab, and what each may name.
 *
 * @module
 */

/** A field, by the name it has in an object. */
export type FieldName = "second" | "minute" | "hour" | "dayOfWeek" | "dayOfMonth" | "monthOfYear";

/** A field that every crontab has. */
export type TextField = Exclude<FieldName, "second">;

/** What a field may name. */
export interface Field {
  readonly name: FieldName;
  readonly least: number;
  readonly most: number;
  /** What may be written, where that is more: it stands for the least. */
  readonly highest: number;
  /** From the least number on, in full and in small letters; each may be written with its first three letters too. */
  readonly words: readonly string[];
}

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const months = "january february march april may june july august september october november december".split(" ");

/** All fields. Sunday is 0, and 7 as well. */
export const fields: Readonly<Record<FieldName, Field>> = {
  second: { name: "second", least: 0, most: 59, highest: 59, words: [] },
  minute: { name: "minute", least: 0, most: 59, highest: 59, words: [] },
  hour: { name: "hour", least: 0, most: 23, highest: 23, words: [] },
  dayOfWeek: { name: "dayOfWeek", least: 0, most: 6, highest: 7, words: weekdays },
  dayOfMonth: { name: "dayOfMonth", least: 1, most: 31, highest: 31, words: [] },
  monthOfYear: { name: "monthOfYear", least: 1, most: 12, highest: 12, words: months },
};

/** The order of a text of five fields; one of six has the second before them. */
export const textOrder: readonly TextField[] = ["minute", "hour", "dayOfMonth", "monthOfYear", "dayOfWeek"];

/** The number that a word stands for in a field, in any case; undefined when it stands for none. */
export function numberOf({ words, least }: Field, word: string): number | undefined {
  const small = word.toLowerCase();
  const index = words.findIndex((full) => small === full || small === full.slice(0, 3));
  return index < 0 ? undefined : index + least;
}

/** All numbers of a field, in order. */
export function allOf({ least, most }: Field): readonly number[] {
  return countFrom(least, most);
}

/** From one number to another, both included, in order. */
export function countFrom(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
