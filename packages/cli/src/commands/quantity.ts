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
