/**
 * Which workers are meant, as Celery's flags have it.
 *
 * @module
 */

import type { Command } from "commander";
import { optionOf } from "./option.ts";
import { namesOf } from "./quantity.ts";

/** What the flags say. */
export interface WhomFlags {
  readonly destination?: readonly string[];
  /** Celery's short form of `--json`. */
  readonly j?: true;
}

/** Adds the flags. Celery's time-out is taken and means nothing: nobody is waited for. */
export function addWhom(command: Command): void {
  command
    .addOption(optionOf("-d, --destination <names>", "only these nodes, with commas between", namesOf))
    .addOption(optionOf("-t, --timeout <seconds>", "taken, as in Celery; answers are there at once").hideHelp())
    .addOption(optionOf("-j", "the same as --json").hideHelp());
}

/** What is told where none of the workers that are meant is online; `online` are all that are. */
export function absenceLine({ destination = [] }: WhomFlags, online: readonly string[]): string {
  if (destination.length === 0 || online.length === 0) return nobody;
  return `there is no ${destination.join(", ")} online; online: ${online.join(", ")}`;
}

const nobody =
  "no worker is online: one is from its start, or the first message that it takes, for a minute after its last sign of life. " +
  "Has it been started or called, and has it this store? umbel doctor asks its address";

/** The nodes that the flags name; all when they name none. */
export function whomOf({ destination }: WhomFlags): { readonly destination?: readonly string[] } {
  return destination === undefined ? {} : { destination };
}
