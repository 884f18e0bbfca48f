/**
 * How long from now, as a command line has it: seconds, or a text such as `1h30m`.
 *
 * A command asks it when it runs: what reads lengths of time is loaded only then.
 *
 * @module
 */

import { UsageError } from "../failure.ts";

/** Seconds from 0 on. Throws `UsageError`. */
export async function delayOf(flag: string, text: string): Promise<number> {
  const seconds = await delayIn(text);
  if (seconds !== undefined) return seconds;
  throw new UsageError(`${flag} takes seconds from 0, or ${delayForms}, not "${text}"`);
}

/** What can be written in place of seconds, in words. */
export const delayForms = "a duration such as 1h30m";

/** The same; undefined for what is none. */
export async function delayIn(text: string): Promise<number | undefined> {
  const { secondsOf } = await import("@umbel/protocol");
  try {
    const seconds = secondsOf(text);
    return seconds >= 0 ? seconds : undefined;
  } catch {
    return undefined;
  }
}
