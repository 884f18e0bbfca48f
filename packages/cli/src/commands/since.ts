/**
 * Where in the past to begin, as a command line has it.
 *
 * @module
 */

import { secondsOf } from "@umbel/protocol";
import { UsageError } from "../failure.ts";
import { instantForms, instantIn } from "./written-instant.ts";

/** How long ago, or an instant. Throws `UsageError`. */
export function sinceOf(flag: string, text: string): Date {
  const instant = instantIn(text) ?? ago(text);
  if (instant !== undefined) return instant;
  throw new UsageError(`${flag} takes how long ago, such as 10m or 2h, or ${instantForms}, not "${text}"`);
}

function ago(text: string): Date | undefined {
  try {
    const instant = new Date(Date.now() - secondsOf(text) * 1000);
    return Number.isNaN(instant.getTime()) ? undefined : instant;
  } catch {
    return undefined;
  }
}
