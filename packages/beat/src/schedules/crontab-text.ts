/**
 * Crontabs as one line of text: five fields, six with the second before them, or one of the well-known names.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { type FieldName, textOrder } from "./crontab-fields.ts";

const names: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Takes a text apart. Throws `ImproperlyConfigured` for another number of fields, and for an unknown name. */
export function fieldsIn(text: string): Readonly<Partial<Record<FieldName, string>>> {
  const line = text.trim();
  const meant = Object.hasOwn(names, line.toLowerCase()) ? (names[line.toLowerCase()] ?? line) : line;
  const parts = meant === "" ? [] : meant.split(/\s+/);
  const order: readonly FieldName[] = parts.length === 6 ? ["second", ...textOrder] : textOrder;
  const reason = parts.length === order.length ? blankIn(meant) : whyNot(meant, parts.length);
  if (reason !== undefined) throw new ImproperlyConfigured(`The crontab "${text}" ${reason}`);
  return Object.fromEntries(order.map((name, index) => [name, parts[index]]));
}

/** A list with a blank in it looks like two fields. */
function blankIn(line: string): string | undefined {
  return /,\s|\s,/.test(line) ? "has a blank beside a comma: blanks are between fields only" : undefined;
}

function whyNot(line: string, count: number): string {
  if (line.startsWith("@every")) return 'is an interval: give the schedule as "5m", { minutes: 5 } or 300';
  if (line.startsWith("@")) return `is no name of a schedule: there are ${Object.keys(names).join(", ")}`;
  const order = `"${textOrder.join(" ")}", and the second before them if it matters`;
  const years = count === 7 ? "; there are no years: an entry has startAt and endAt" : "";
  return blankIn(line) ?? `has ${count} ${count === 1 ? "field" : "fields"}: write ${order}${years}`;
}
