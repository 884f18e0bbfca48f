/**
 * What a claim brings, and what it meets: for the twins of the steps that judge it.
 *
 * @module
 */

import type { TaskRecord } from "./record.ts";
import type { Sighting } from "./sight.ts";

/** The arguments of a claim by name; numbers are decimals, `hard`, `expires` and `started` may be empty. */
export interface ClaimedDelivery {
  readonly retries: string;
  readonly generation: string;
  readonly token: string;
  readonly lease: string;
  readonly hard: string;
  readonly expires: string;
  readonly undeliverable: boolean;
  readonly retention: string;
  readonly started: string;
  readonly early: boolean;
  readonly once: boolean;
  readonly declined: boolean;
  /** Empty where nothing follows it. */
  readonly canvas: string;
}

/** What is told besides; channels and texts of letters in turn. */
export interface ClaimedNotes {
  /** Most events that are kept, roughly. */
  readonly kept: string;
  readonly worker: string;
  readonly sighting: readonly string[];
  readonly queue: string;
  readonly task: string;
  readonly about: string;
  /** Of the directives that the claimant knows. */
  readonly revision: string;
  readonly received: readonly string[];
  readonly started: readonly string[];
}

/** Reads the arguments. */
export function deliveryIn(args: readonly string[]): ClaimedDelivery {
  const [retries = "", generation = "", token = "", lease = "", hard = "", expires = ""] = args;
  const [undeliverable, retention = "", started = "", early, once, declined, canvas = ""] = args.slice(6);
  const [isEarly, isOnce, isDeclined] = [early === "1", once === "1", declined === "1"];
  const is = { undeliverable: undeliverable === "1", early: isEarly, once: isOnce, declined: isDeclined };
  return { retries, generation, token, lease, hard, expires, retention, started, canvas, ...is };
}

/** Reads those behind them; undefined when nothing is told. */
export function notesIn(args: readonly string[]): ClaimedNotes | undefined {
  const [kept, worker = ""] = args.slice(13);
  if (kept === undefined) return undefined;
  const [queue = "", task = "", about = "", revision = "", count = ""] = args.slice(21);
  const letters = args.slice(26);
  const told = { received: letters.slice(0, Number(count) * 2), started: letters.slice(Number(count) * 2) };
  return { kept, worker, sighting: args.slice(14, 21), queue, task, about, revision, ...told };
}

/** A claim whose record was read. */
export interface Told extends Sighting {
  readonly delivery: ClaimedDelivery;
  readonly record: TaskRecord;
  readonly notes: ClaimedNotes | undefined;
}

/** The same, once it is known what operators want. */
export interface Claiming extends Told {
  /** Whether an operator wants nothing like it begun, or the claimant declines. */
  readonly refused: boolean;
}

/** In the order in which it is sent. */
export type Answer = readonly (string | number)[];
