/**
 * Where in the past to begin, as a command line has it.
 *
 * @module
 */

import { UsageError } from "../failure.ts";
import { instantForms, instantIn } from "./written-instant.ts";

/**
 * How long ago, or an instant; undefined when nothing was said. A command asks it when it runs: what reads lengths of time
 * is loaded only then. Throws `UsageError`.
 */
export async function sinceOf(flag: string, text: string | undefined): Promise<Date | undefined> {
  if (text === undefined) return undefined;
  const instant = instantIn(text) ?? (await ago(text));
  if (instant !== undefined) return instant;
  throw new UsageError(`${flag} takes how long ago, such as 10m or 2h, or ${instantForms}, not "${text}"`);
}

async function ago(text: string): Promise<Date | undefined> {
  const { secondsOf } = await import("@umbel/protocol");
  try {
    const instant = new Date(Date.now() - secondsOf(text) * 1000);
    return Number.isNaN(instant.getTime()) ? undefined : instant;
  } catch {
    return undefined;
  }
}
