/**
 * Backfill: the runs of a stretch of the past, sent now.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { listIn } from "./due.ts";
import { needEntry } from "./find-entry.ts";
import { runOf } from "./run.ts";
import { sendRuns } from "./send-runs.ts";

/** Which runs. */
export interface BackfillRange {
  /** The first instant of it, and the last one. */
  readonly from: Date;
  readonly to: Date;
  /** Most runs that may be in it; 100 when absent, 1000 at most. */
  readonly limit?: number;
  /** True: nothing is sent, only counted. */
  readonly dryRun?: boolean;
}

/** What was sent, or would be. */
export interface Backfill {
  readonly runs: readonly BackfillRun[];
  readonly sent: number;
  readonly dryRun: boolean;
}

/** A run, and why it could not be sent. */
export interface BackfillRun {
  readonly slot: Date;
  readonly id: string;
  readonly error?: string;
}

const usualLimit = 100;
const highestLimit = 1000;

/** Sends the runs of a stretch. Throws `EntryNotFound`, `ImproperlyConfigured` for a stretch that cannot be, `BackendUnavailable`. */
export async function backfilled(desk: Desk, name: string, range: BackfillRange): Promise<Backfill> {
  const { from, to, limit = usualLimit, dryRun = false } = range;
  const { now, entry, record } = await needEntry(desk, name);
  checkRange(name, { from, to, limit }, now);
  const slots = listIn(entry, record, { from: from.getTime() - 1, to: to.getTime() });
  if (slots.length > limit) throw tooMany(name, { from, to, limit });
  const runs = slots.map((slot) => runOf(desk.app.name, { entry, record }, slot));
  const errors = dryRun ? new Map<string, Error>() : await sendRuns(desk, runs, now);
  return {
    runs: runs.map(({ slot, id }) => ({ slot: new Date(slot), id, ...errorOf(errors.get(id)) })),
    sent: dryRun ? 0 : runs.length - errors.size,
    dryRun,
  };
}

type Bounds = Required<Omit<BackfillRange, "dryRun">>;

/** What is to come is sent by ticks. */
function checkRange(name: string, { from, to, limit }: Bounds, now: number): void {
  const refuse = (what: string): never => {
    throw new ImproperlyConfigured(`The backfill of the entry "${name}" has ${what}`);
  };
  if (!isDate(from) || !isDate(to)) refuse(`from ${String(from)} and to ${String(to)}: give two Dates, and valid ones`);
  if (from > to) refuse(`from ${from.toISOString()}, which is after to ${to.toISOString()}`);
  if (to.getTime() > now) refuse(`to ${to.toISOString()}, which is to come: ticks send what is due then`);
  if (Number.isSafeInteger(limit) && limit > 0 && limit <= highestLimit) return;
  refuse(`limit ${limit}: give a whole number from 1 to ${highestLimit}`);
}

function tooMany(name: string, { from, to, limit }: Bounds): ImproperlyConfigured {
  const stretch = `from ${from.toISOString()} to ${to.toISOString()}`;
  const more = limit < highestLimit ? `raise limit, up to ${highestLimit}, or ` : "";
  return new ImproperlyConfigured(
    `The entry "${name}" has more than ${limit} runs ${stretch}: ${more}take it in parts`,
  );
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function errorOf(error: Error | undefined): Pick<BackfillRun, "error"> {
  return error === undefined ? {} : { error: error.message };
}
