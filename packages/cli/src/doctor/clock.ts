/**
 * How the clocks of others stand to this machine's.
 *
 * @module
 */

import { bad, type Finding, good } from "./finding.ts";

/** Milliseconds by which a clock may be off: beyond them Celery's monitors warn, and instants of users go wrong. */
const mostSkew = 2000;

/** This clock is so many milliseconds ahead of another's. */
export function clockBeside(whose: string, ahead: number): Finding {
  const detail = `this clock is ${(Math.abs(ahead) / 1000).toFixed(2)} s ${ahead < 0 ? "behind" : "ahead of"} ${whose}`;
  if (Math.abs(ahead) <= mostSkew) return good("clock", detail);
  return bad(
    "clock",
    detail,
    "let both set their clocks by NTP: countdowns, expiries, schedules and signatures go by them",
  );
}

/**
 * The same for whoever has sent this answer, by its header `Date`, which has whole seconds; undefined where it is well, or says
 * nothing.
 */
export function clockOfAnswer(whose: string, { headers }: Response, asked: number): Finding | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  // It was that second when the answer was made: the clock stood at any instant of it, and was read after the question.
  const ahead = Math.max(asked - (date + 1000), Math.min(Date.now() - date, 0));
  return Math.abs(ahead) > mostSkew ? clockBeside(whose, ahead) : undefined;
}
