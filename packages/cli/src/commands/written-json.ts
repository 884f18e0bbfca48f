/**
 * JSON as a command line has it.
 *
 * @module
 */

import { lineOf, UsageError } from "../failure.ts";

/** An array. Throws `UsageError`. */
export function arrayOf(flag: string, text: string): readonly unknown[] {
  const value = jsonOf(flag, text, "a JSON array such as '[2, 2]'");
  if (Array.isArray(value)) return value;
  throw new UsageError(`${flag} takes a JSON array such as '[2, 2]', not ${text}`);
}

/** An object. Throws `UsageError`. */
export function objectOf(flag: string, text: string): Readonly<Record<string, unknown>> {
  const value = jsonOf(flag, text, `a JSON object such as '{"x": 2}'`);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError(`${flag} takes a JSON object such as '{"x": 2}', not ${text}`);
}

function jsonOf(flag: string, text: string, form: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${flag} takes ${form}, and this is no JSON: ${lineOf(cause)}`, { cause });
  }
}
