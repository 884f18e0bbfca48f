/**
 * Checks by hand, for what callers read: a bundle that only sends calls and reads results needs no schema library for it,
 * which would weigh more than all that it reads (ADR 10).
 *
 * @module
 */

import { isPlainObject } from "./json-value.ts";

/** What a field must be. */
export interface Check {
  /** In words, after "expected". */
  readonly wanted: string;
  readonly fits: (value: unknown) => boolean;
}

/** One check for each field of an interface: a missing or an extra one does not compile. */
export type ChecksOf<T> = { readonly [K in keyof T as string extends K ? never : K]-?: Check };

/** A text that is not empty. */
export const someText: Check = { wanted: "a text", fits: isName };

/** A text, null, or nothing at all. */
export const maybeText: Check = maybe("a text", (value) => typeof value === "string");

/** Anything, but not nothing. */
export const anything: Check = { wanted: "a value", fits: (value) => value !== undefined };

/** Anything, and nothing too. */
export const free: Check = { wanted: "anything", fits: () => true };

/** A check that null, or nothing at all, passes too. */
export function maybe(wanted: string, fits: Check["fits"]): Check {
  return { wanted: `${wanted} or null`, fits: (value) => value === undefined || value === null || fits(value) };
}

/** What is wrong with a value, and where: `status is missing`. Undefined when nothing is. */
export function misfitIn(value: unknown, checks: Readonly<Record<string, Check>>): string | undefined {
  if (!isPlainObject(value)) return "expected an object";
  for (const [field, { wanted, fits }] of Object.entries(checks)) {
    if (!fits(value[field])) return value[field] === undefined ? `${field} is missing` : `${field}: expected ${wanted}`;
  }
  return undefined;
}

/** Whether a value is a text that is not empty. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
