/**
 * Beat: sends calls on a schedule, when something that keeps time ticks it.
 *
 * It brings along what only those need of our broker whom it pushes to, and the places for entries beside our backends.
 *
 * @module
 */

import { beat as serve } from "@umbel/beat";
import { schedulesInMemory } from "@umbel/memory";
import { withPushes } from "@umbel/qstash";

/**
 * Makes the Hono app for a schedule: `POST /tick` sends what is due and says what it sent, `GET /` shows the entries,
 * and answers 503 while a setting is missing. Any number of ticks, at once or late, send each turn of an entry once.
 * Throws `ImproperlyConfigured` for an entry whose schedule makes no sense. Other halves of brokers that are given are
 * asked before ours.
 */
export const beat: typeof serve = (app, entries, options) => {
  const { brokers = [], stores = [] } = options ?? {};
  return serve(app, entries, { ...options, brokers: [...brokers, withPushes], stores: [...stores, schedulesInMemory] });
};

export type { OtherHalves, Whole } from "@umbel/core";
export { maxIntervalOf, runBeat } from "@umbel/beat";
export type {
  Beat,
  BeatEntries,
  BeatEntry,
  BeatOptions,
  FailedRun,
  Interval,
  RunBeatOptions,
  SentRun,
  StoreBeside,
  StoreOptions,
  Tick,
  Ticking,
} from "@umbel/beat";
export type {
  Changed,
  ChangeRequest,
  DueEntries,
  DueRequest,
  Entries,
  EntriesRequest,
  EntryChange,
  ScheduleStore,
  StoredEntry,
} from "@umbel/protocol";
