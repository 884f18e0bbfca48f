/**
 * An entry that was read, from code or from the store: what a tick works with.
 *
 * @module
 */

import type { AnySignature } from "@umbel/core";
import type { EntrySpec } from "./record.ts";
import type { Schedule } from "./schedules/schedule.ts";

/** What becomes of runs that were missed. */
export interface PlannedCatchup {
  readonly policy: "skip" | "once" | "all";
  /** Seconds; older ones are not sent. */
  readonly within?: number;
  /** Most of them that are sent, the latest ones. */
  readonly limit: number;
}

/** One entry. */
export interface PlannedEntry {
  readonly name: string;
  /** Makes the call of a run, with all its arguments and options; nothing in it says when, or under which id. */
  readonly call: () => Pick<AnySignature, "wire" | "sender">;
  /** As it was declared, not counted from an instant yet. */
  readonly schedule: Schedule;
  /** An IANA name. */
  readonly timezone: string;
  readonly catchup: PlannedCatchup;
  readonly overlap: "allow" | "skip" | "cancel";
  /** No slot before; milliseconds since 1970. */
  readonly startAt?: number;
  /** No slot after. */
  readonly endAt?: number;
  /** Each run is late by less than so many seconds. */
  readonly jitter: number;
  readonly enabled: boolean;
  /** Its kept form: what it is compared by, and what it is read from again. */
  readonly spec: EntrySpec;
}

/** What of an entry says when it runs. */
export type EntryTimes = Pick<PlannedEntry, "schedule" | "timezone" | "startAt" | "endAt">;
