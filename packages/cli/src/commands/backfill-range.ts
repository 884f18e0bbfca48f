/**
 * Which stretch of time is asked for.
 *
 * @module
 */

import { UsageError } from "../failure.ts";
import { countOf } from "./quantity.ts";

/** As they are written. */
export interface BackfillFlags {
  readonly from: string;
  readonly to: string;
  readonly limit?: string;
  readonly dryRun?: boolean;
}

/** As they are meant. */
export interface BackfillRange {
  readonly from: Date;
  readonly to: Date;
  readonly limit?: number;
  readonly dryRun: boolean;
}

/** Reads them. Throws `UsageError`. */
export function backfillRange(flags: BackfillFlags): BackfillRange {
  const [from, to] = [instantOf("--from", flags.from), instantOf("--to", flags.to)];
  if (from > to) throw new UsageError(`--from ${flags.from} is after --to ${flags.to}`);
  return {
    from,
    to,
    dryRun: flags.dryRun === true,
    ...(flags.limit !== undefined && { limit: countOf("--limit", flags.limit) }),
  };
}

/** A day begins at midnight, and a time without an offset is meant, in UTC. */
function instantOf(flag: string, text: string): Date {
  const [, day = "", time = "T00:00", offset = "Z"] = written.exec(text) ?? [];
  const instant = new Date(`${day}${time.replace(" ", "T")}${offset}`);
  if (day !== "" && !Number.isNaN(instant.getTime())) return instant;
  throw new UsageError(`${flag} takes an instant such as 2026-01-31 or 2026-01-31T07:30+01:00, not "${text}"`);
}

const written = /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/;
