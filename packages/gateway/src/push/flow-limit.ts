/**
 * The numbers of flow control, as they stand in headers and queries (qstash.md section 3).
 *
 * @module
 */

import { parseDuration } from "./duration.ts";
import { RequestError } from "./request-error.ts";

/** Seconds: no period is longer. */
const longestPeriod = 7 * 86_400;

/** A parallelism or a rate: a whole number from 1. Throws `RequestError`; `what` is where it stands. */
export function readLimit(name: "parallelism" | "rate", text: string, what: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new RequestError(400, `${what}: "${name}=${text}" is no limit; write ${name}=N, a whole number from 1`);
}

/** A period in seconds, which is a bare number or a duration. Throws `RequestError`; `what` is where it stands. */
export function readPeriod(text: string, what: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : parseDuration(text);
  if (seconds !== undefined && seconds >= 0.001 && seconds <= longestPeriod) return seconds;
  throw new RequestError(400, `${what}: "period=${text}" is not a period from 1 ms to a week`);
}
