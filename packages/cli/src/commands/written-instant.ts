/**
 * An instant as a command line has it.
 *
 * @module
 */

import { UsageError } from "../failure.ts";

/** A day begins at midnight, and a time without an offset is meant, in UTC. Throws `UsageError`. */
export function instantOf(flag: string, text: string): Date {
  const instant = instantIn(text);
  if (instant !== undefined) return instant;
  throw new UsageError(`${flag} takes ${instantForms}, not "${text}"`);
}

/** What can be written, in words. */
export const instantForms = "an instant such as 2026-01-31 or 2026-01-31T07:30+01:00";

/** The same; undefined for what is none. */
export function instantIn(text: string): Date | undefined {
  const [, day = "", time = "T00:00", offset = "Z"] = written.exec(text) ?? [];
  const moment = `${day}${time.replace(" ", "T")}`;
  const instant = new Date(`${moment}${offset}`);
  return day === "" || Number.isNaN(instant.getTime()) || !isOn(day, new Date(`${moment}Z`)) ? undefined : instant;
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isOn(day: string, instant: Date): boolean {
  return instant.toISOString().startsWith(day);
}

const written = /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/;
