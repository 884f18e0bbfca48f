/**
 * An entry as it is shown: how it was written, and how it fares.
 *
 * @module
 */

import type { CatchupPolicy, Overlap, Umbel } from "@umbel/core";
import type { Signature as WireSignature, StoredEntry } from "@umbel/protocol";
import { nextSlot } from "./due.ts";
import { plannedIn } from "./find-entry.ts";
import { knownPlan } from "./plan.ts";
import type { EntryTimes, PlannedEntry } from "./planned-entry.ts";
import { keptTimes } from "./read-entry.ts";
import { type EntryRecord, readRecord } from "./record.ts";
import type { ScheduleForm } from "./schedules/index.ts";
import { isForm } from "./schedules/read-schedule.ts";
import { countAt, type LastRun, lastSent } from "./waiting.ts";

/** An entry, of code or added at run time. */
export interface ScheduleEntry {
  readonly name: string;
  /** Where it is declared: what is added at run time is `dynamic`. */
  readonly kind: "code" | "dynamic";
  /** Name of the task, or of the canvas: `celery.chain`. */
  readonly task: string;
  /** The whole call in Celery's form, with its arguments. */
  readonly signature: WireSignature;
  /** As a person reads it: `crontab(30 7 * * 1)`. */
  readonly schedule: string;
  /** The form in which it is kept, which is taken as a schedule again; only a text where that is in code, or cannot be read. */
  readonly scheduleForm: ScheduleForm | string;
  readonly timezone: string;
  readonly catchup: { readonly policy: CatchupPolicy; readonly within?: number; readonly limit: number };
  readonly overlap: Overlap;
  readonly startAt?: Date;
  readonly endAt?: Date;
  /** Seconds. */
  readonly jitter: number;
  readonly enabled: boolean;
  readonly paused: boolean;
  /** True: the code that runs now does not have it any more, and it is not sent. */
  readonly dropped: boolean;
  /** True: it has no run any more. Its `endAt` is past, or its schedule says no instant that is to come. */
  readonly ended: boolean;
  /** Why it cannot be sent. */
  readonly broken?: string;
  /** The instant of the last run, and its id. What was sent ahead of its time is no run before that, nor what an edit took back. */
  readonly lastRun?: Date;
  readonly lastTaskId?: string;
  /** The first instant from now on at which it runs. */
  readonly nextRun?: Date;
  /**
   * Runs that were sent and whose instant has come, without those that an edit took back before they began. Where more than 500
   * wait at once, those before the latest 500 are counted when they are sent, and stay counted.
   */
  readonly count: number;
  /** Runs that were not, because the one before them had not ended. */
  readonly skipped: number;
}

/** What is kept of an entry as it is shown at an instant of the store's clock. */
export function entryView(app: Pick<Umbel, "name">, stored: StoredEntry, now: number): ScheduleEntry {
  try {
    const record = readRecord(stored.text);
    const planned = plannedIn(knownPlan(app), stored.name, record);
    return viewOf(stored.name, record, { app: app.name, now, planned });
  } catch (error) {
    return damaged(stored.name, reasonOf(error));
  }
}

interface Sight {
  readonly app: string;
  readonly now: number;
  /** As it is in code, where that is known. */
  readonly planned: PlannedEntry | undefined;
}

function viewOf(name: string, record: EntryRecord, { app, now, planned }: Sight): ScheduleEntry {
  const { task, schedule: form, startAt, endAt, lazy: _lazy, ...rules } = record.spec;
  const { times, next, ended, error } = timesOf(name, record, { now, planned });
  const broken = record.broken ?? error;
  return {
    name,
    kind: record.kind,
    task: task.task,
    signature: task,
    schedule: times?.schedule.toString() ?? shownForm(form),
    scheduleForm: isForm(form) ? form : shownForm(form),
    ...rules,
    ...(startAt !== undefined && { startAt: new Date(startAt) }),
    ...(endAt !== undefined && { endAt: new Date(endAt) }),
    paused: record.paused !== undefined,
    dropped: record.dropped !== undefined,
    ended,
    ...(broken !== undefined && { broken }),
    ...lastOf(lastSent(app, { name, record }, now)),
    ...(next !== undefined && { nextRun: new Date(next) }),
    count: countAt(record, now),
    skipped: record.skipped,
  };
}

/** What can be told of its times. An application's own schedule is known only where its code is. */
interface Times {
  readonly times?: EntryTimes;
  readonly next?: number | undefined;
  readonly ended: boolean;
  readonly error?: string;
}

function timesOf(name: string, record: EntryRecord, { now, planned }: Omit<Sight, "app">): Times {
  const { spec, paused, dropped, broken } = record;
  if (planned === undefined && typeof spec.schedule === "string") return { ended: (spec.endAt ?? now) < now };
  try {
    const times = planned ?? keptTimes(name, spec);
    const isSent = spec.enabled && paused === undefined && dropped === undefined && broken === undefined;
    const slot = nextSlot(times, record, now);
    return { times, next: isSent ? slot : undefined, ended: slot === undefined };
  } catch (error) {
    return { ended: false, error: reasonOf(error) };
  }
}

/** A schedule of an application's own is kept as its text. */
function shownForm(form: unknown): string {
  return typeof form === "string" ? form : JSON.stringify(form);
}

function lastOf(run: LastRun | undefined): Pick<ScheduleEntry, "lastRun" | "lastTaskId"> {
  return run === undefined ? {} : { lastRun: new Date(run.slot), lastTaskId: run.id };
}

/** Nobody can tell more of it; whoever upserts it or removes it mends it. */
function damaged(name: string, broken: string): ScheduleEntry {
  return {
    name,
    kind: "dynamic",
    task: "",
    signature: { task: "", args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false },
    schedule: "",
    scheduleForm: "",
    timezone: "UTC",
    catchup: { policy: "once", limit: 0 },
    overlap: "allow",
    jitter: 0,
    enabled: false,
    paused: false,
    dropped: false,
    ended: false,
    broken,
    count: 0,
    skipped: 0,
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
