/**
 * How long a destination asks us to wait (qstash.md section 6).
 *
 * @module
 */

import { parseAnswerDuration } from "./duration.ts";

/** Headers that may ask for a wait; the first that makes sense counts. QStash documents no order: this one is ours. */
const headers = ["retry-after", "x-ratelimit-reset", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"];

/** A longer wait is taken for a misunderstanding (an instant since 1970, for example) and ignored. Seconds. */
const longest = 86_400;

/**
 * Seconds that an answer asks for: a number, a duration, or an HTTP date; 0 is at once. `undefined` when it asks for
 * nothing sensible. `header` reads one header by its lower-case name, `now` is in milliseconds since 1970.
 */
export function retryAfter(header: (name: string) => string | undefined, now: number): number | undefined {
  for (const name of headers) {
    const wait = waitIn(header(name)?.trim() ?? "", now);
    if (wait !== undefined && wait <= longest) return wait;
  }
  return undefined;
}

function waitIn(text: string, now: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  // `Date.parse` would take almost anything for a date; an HTTP date begins with the day of the week.
  if (/^[A-Z][a-z]{2}, /.test(text)) return secondsUntil(Date.parse(text), now);
  return parseAnswerDuration(text);
}

function secondsUntil(instant: number, now: number): number | undefined {
  return Number.isNaN(instant) ? undefined : Math.max(0, (instant - now) / 1000);
}
