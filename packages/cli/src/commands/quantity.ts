/**
 * Numbers as a command line has them. Each function throws `UsageError`; `what` takes the number.
 *
 * @module
 */

import { UsageError } from "../failure.ts";

/** A number from 1. */
export function countOf(what: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`${what} takes a whole number from 1, not "${text}"`);
}

/** Seconds, perhaps with a fraction. */
export function secondsOf(what: string, text: string): number {
  if (/^\d{1,9}(?:\.\d{1,3})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`${what} takes seconds above 0, not "${text}"`);
}

/** Seconds, perhaps with a fraction; none too. */
export function delayOf(what: string, text: string): number {
  if (/^\d{1,9}(?:\.\d{1,3})?$/.test(text)) return Number(text);
  throw new UsageError(`${what} takes seconds from 0, not "${text}"`);
}

/** A port; 0 is any. */
export function portOf(what: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`${what} takes a port from 0 (any) to 65535, not "${text}"`);
}

/** Names with commas between them. */
export function namesOf(what: string, text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "")) return names;
  throw new UsageError(`${what} takes names with commas between, not "${text}"`);
}
