/**
 * Says what is due at an instant and sends it, once.
 *
 * It keeps no time of its own: something outside calls `tick`, a cron trigger or a schedule of the broker. It never runs
 * a task; it only sends calls.
 *
 * ```ts
 * const schedule = beat(app, { heartbeat: { task: heartbeat.s(), schedule: { minutes: 5 } } });
 * export default schedule; // `POST /tick`; Cloudflare's cron trigger finds `scheduled`
 * ```
 *
 * @module
 */

export { beat } from "./beat.ts";
export type { Beat, BeatOptions } from "./beat.ts";
export type { Backfill, BackfillRange, BackfillRun } from "./backfill.ts";
export type { BeatEntries, BeatEntry, EntriesFor, EntryFor } from "./entry.ts";
export { schedules } from "./manage.ts";
export type { Schedules } from "./manage.ts";
export { maxIntervalOf, runBeat } from "./run-beat.ts";
export type { RunBeatOptions, Ticking } from "./run-beat.ts";
export type { ScheduleEntry } from "./schedule-entry.ts";
export { crontab, interval, ownSchedule, readSchedule, scheduleOf, solar, within } from "./schedules/index.ts";
export type {
  Bounds,
  Crontab,
  CrontabField,
  CrontabFieldName,
  CrontabFields,
  CrontabForm,
  Interval,
  IntervalForm,
  IntervalOptions,
  OwnSchedule,
  RelativeInterval,
  Schedule,
  ScheduleForm,
  ScheduleInput,
  SolarEvent,
  SolarForm,
  WithinForm,
} from "./schedules/index.ts";
export type { StoreBeside, StoreOptions } from "./store.ts";
export type { FailedRun, SentRun, Tick } from "./tick.ts";
