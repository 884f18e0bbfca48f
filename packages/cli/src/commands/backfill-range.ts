/**
 * Which stretch of time is asked for.
 *
 * @module
 */

import { UsageError } from "../failure.ts";
import { countOf } from "./quantity.ts";
import { instantOf } from "./written-instant.ts";

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
