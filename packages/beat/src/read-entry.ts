/**
 * Reads an entry: as it was written, by a program that no compiler may have seen, or by a stranger over HTTP; or as it is kept.
 *
 * Whatever cannot be is refused here, in a sentence that names the entry, the field, the value and what is allowed.
 *
 * @module
 */

import { refuseUnknownTask, signature } from "@umbel/core";
import { ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import { callOf, type EntryApplication } from "./entry-call.ts";
import { checkFields, inEntry, type Written } from "./entry-fields.ts";
import { checkWaiting } from "./most-waiting.ts";
import type { EntryTimes, PlannedCatchup, PlannedEntry } from "./planned-entry.ts";
import type { EntrySpec } from "./record.ts";
import { readSchedule, scheduleOf } from "./schedules/index.ts";
import { zoneOf } from "./schedules/zone.ts";

/**
 * Reads an entry of this name as it was written. Throws `ImproperlyConfigured` for a field that there is not, for a value that
 * a field does not take, for a task that the application does not know, and for a call that lacks arguments, as far as that
 * can be told before it is sent.
 */
export function readEntry(app: EntryApplication, name: string, written: Written): PlannedEntry {
  checkFields(name, written);
  const schedule = inEntry(name, "schedule", () => scheduleOf(written.schedule));
  const { call, wire, isLazy } = callOf(app, name, written);
  const { timezone = app.conf.timezone, overlap = "allow", jitter = 0, enabled = true, startAt, endAt } = written;
  inEntry(name, "timezone", () => zoneOf(timezone));
  const rules = {
    timezone,
    catchup: catchupOf(app, written.catchup),
    overlap,
    ...(startAt && { startAt: startAt.getTime() }),
    ...(endAt && { endAt: endAt.getTime() }),
    jitter: secondsOf(jitter),
    enabled,
  };
  const kept = schedule.toJSON() ?? String(schedule);
  const spec = { task: wire, schedule: kept, ...rules, ...(isLazy && { lazy: true as const }) };
  checkWaiting(app, { name, schedule, ...rules, spec });
  return { name, call, schedule, ...rules, spec };
}

/** Reads an entry as it is kept. Throws `ImproperlyConfigured` for what it says and nobody here can do. */
export function keptEntry(app: EntryApplication, name: string, spec: EntrySpec): PlannedEntry {
  const { task, lazy, schedule: _schedule, ...rules } = spec;
  const times = keptTimes(name, spec);
  inEntry(name, "task", () => refuseUnknownTask(app, task));
  const call = lazy === true ? () => refuseLazy(name) : () => signature(app, task);
  return { name, call, ...rules, ...times, spec };
}

/** Reads when an entry runs that is kept. Throws `ImproperlyConfigured` for what it says and nobody here can do. */
export function keptTimes(name: string, { schedule: form, timezone, startAt, endAt }: EntrySpec): EntryTimes {
  const schedule = inEntry(name, "schedule", () => readSchedule(form));
  inEntry(name, "timezone", () => zoneOf(timezone));
  return { schedule, timezone, ...(startAt !== undefined && { startAt }), ...(endAt !== undefined && { endAt }) };
}

function refuseLazy(name: string): never {
  throw new ImproperlyConfigured(
    `The arguments of the beat entry "${name}" are made by a function: send it from where that is declared`,
  );
}

/** Most missed runs that are sent, where nothing else is said. */
const usualLimit = 100;

function catchupOf({ conf }: EntryApplication, written: Written["catchup"] = "once"): PlannedCatchup {
  const { policy, within, limit = usualLimit } = typeof written === "string" ? { policy: written } : written;
  const oldest = within ?? conf.beatCronStartingDeadline;
  return { policy, ...(oldest !== null && { within: secondsOf(oldest) }), limit };
}
