/**
 * The five fields of a cron expression, and what may stand in each.
 *
 * @module
 */

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fields: readonly Field[] = [
  { name: "minute", least: 0, most: 59, names: [] },
  { name: "hour", least: 0, most: 23, names: [] },
  { name: "day of the month", least: 1, most: 31, names: [] },
  { name: "month", least: 1, most: 12, names: months },
  { name: "day of the week", least: 0, most: 7, names: weekdays },
];

/** Throws `RangeError` for a pattern that has another number of fields, or something in one that cannot be there. */
export function checkFields(pattern: string): void {
  const texts = pattern === "" ? [] : pattern.split(/\s+/);
  if (texts.length !== fields.length) throw new RangeError(`it has ${texts.length} fields`);
  for (const [at, field] of fields.entries()) {
    const wrong = texts[at]?.split(",").find((item) => !isItem(item, field));
    if (wrong !== undefined) throw new RangeError(`"${wrong}" is no ${field.name}; use ${usable(field)}, and * , - /`);
  }
}

/** Whether it may stand in a list. */
function isItem(item: string, field: Field): boolean {
  const [, range, step] = /^(\*|[\da-z]+(?:-[\da-z]+)?)(?:\/(\d+))?$/i.exec(item) ?? [];
  if (range === undefined || Number(step ?? 1) === 0) return false;
  return range === "*" || range.split("-").every((value) => isValue(value, field));
}

function isValue(value: string, { least, most, names }: Field): boolean {
  if (!/^\d+$/.test(value)) return names.includes(value.toLowerCase());
  return Number(value) >= least && Number(value) <= most;
}

function usable({ least, most, names }: Field): string {
  const numbers = `${least} to ${most}`;
  return names.length === 0 ? numbers : `${numbers}, ${names.join(" ")}`;
}
