/**
 * Beat: sends calls on a schedule, when something that keeps time ticks it.
 *
 * It brings along what only those need of our broker whom it pushes to, and the places for entries beside our backends.
 *
 * @module
 */

import { beat as serve, schedules as manage, type StoreBeside } from "@umbel/beat";
import { schedulesInMemory } from "@umbel/memory";
import { withPushes } from "@umbel/qstash";
import { upstashSchedules } from "@umbel/upstash-redis";

const ourStores: readonly StoreBeside[] = [upstashSchedules, schedulesInMemory];

/**
 * Makes the Hono app for a schedule: `POST /tick` sends what is due and says what it sent, `GET /` shows the entries,
 * and answers 503 while a setting is missing. Any number of ticks, at once or late, send each turn of an entry once.
 * Throws `ImproperlyConfigured` for an entry whose schedule makes no sense. Other halves of brokers that are given are
 * asked before ours.
 */
export const beat: typeof serve = (app, entries, options) => {
  const { brokers = [], stores = [] } = options ?? {};
  return serve(app, entries, {
    ...options,
    brokers: [...brokers, withPushes],
    stores: [...stores, ...ourStores],
  });
};

/** The entries of an application: those that its code declares, and those that were added at run time. */
export const schedules: typeof manage = (app, options) => {
  const { stores = [], ...others } = options ?? {};
  return manage(app, { ...others, stores: [...stores, ...ourStores] });
};

export type { OtherHalves, Whole } from "@umbel/core";
export {
  crontab,
  interval,
  maxIntervalOf,
  ownSchedule,
  readSchedule,
  runBeat,
  scheduleOf,
  solar,
  within,
} from "@umbel/beat";
export type {
  Backfill,
  BackfillRange,
  BackfillRun,
  Beat,
  BeatEntries,
  BeatEntry,
  BeatOptions,
  Bounds,
  Crontab,
  CrontabField,
  CrontabFieldName,
  CrontabFields,
  CrontabForm,
  EntriesFor,
  EntryFor,
  FailedRun,
  Interval,
  IntervalForm,
  IntervalOptions,
  OwnSchedule,
  RelativeInterval,
  RunBeatOptions,
  Schedule,
  ScheduleEntry,
  ScheduleForm,
  ScheduleInput,
  Schedules,
  SentRun,
  SolarEvent,
  SolarForm,
  StoreBeside,
  StoreOptions,
  Tick,
  Ticking,
  WithinForm,
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
