/**
 * Celery's flags that would set nothing here: they are refused with what does it instead, never taken in silence.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { UsageError } from "../failure.ts";

/** Flags as they are written, and why each is refused. */
export type Meaningless = Readonly<Record<string, string>>;

/** Adds them, unseen in the help. */
export function addMeaningless(command: Command, meaningless: Meaningless): void {
  for (const flags of Object.keys(meaningless)) command.addOption(new Option(flags).hideHelp());
}

/** Throws `UsageError` that says why, when one of them was given. */
export function refuseMeaningless(flags: object, meaningless: Meaningless): void {
  for (const [written, why] of Object.entries(meaningless)) {
    if (new Option(written).attributeName() in flags) throw new UsageError(why);
  }
}
