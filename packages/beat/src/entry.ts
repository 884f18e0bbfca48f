/**
 * What beat sends, and when, as an application writes it.
 *
 * @module
 */

import type { CallOptions, Signature } from "@umbel/core";
import { intervalOf, type Interval } from "./interval.ts";

/** One thing to send again and again. */
export interface BeatEntry {
  /** A call, or a whole canvas, with all its arguments bound. */
  readonly task: Signature<[], unknown, unknown, never>;
  readonly schedule: Interval;
  /** Options of each call; `taskId` is beat's own. */
  readonly options?: Omit<CallOptions, "taskId">;
}

/** Entries by name. A name is part of the ids of what is sent: renamed, an entry is a new one. */
export type BeatEntries = Readonly<Record<string, BeatEntry>>;

/** An entry that was read. */
export interface PlannedEntry {
  readonly name: string;
  readonly task: BeatEntry["task"];
  readonly options: NonNullable<BeatEntry["options"]>;
  /** Milliseconds. */
  readonly interval: number;
}

/** Reads all entries. Throws `ImproperlyConfigured` that names the first one with a bad schedule. */
export function planOf(entries: BeatEntries): readonly PlannedEntry[] {
  return Object.entries(entries).map(([name, { task, schedule, options = {} }]) => {
    return { name, task, options, interval: intervalOf(name, schedule) };
  });
}
