/**
 * Reads an entry: as it was written, by a program that no compiler may have seen, or by a stranger over HTTP; or as it is kept.
 *
 * Whatever cannot be is refused here, in a sentence that names the entry, the field, the value and what is allowed.
 *
 * @module
 */

import { refuseUnknownTask, signature } from "@umbel/core";
import { secondsOf } from "@umbel/protocol";
import { callOf, type EntryApplication } from "./entry-call.ts";
import { checkFields, inEntry, type Written } from "./entry-fields.ts";
import type { PlannedCatchup, PlannedEntry } from "./planned-entry.ts";
import type { EntrySpec } from "./record.ts";
import { readSchedule, scheduleOf } from "./schedules/index.ts";
import { zoneOf } from "./schedules/zone.ts";

/** An entry that was read as it was written. */
export interface ReadEntry extends PlannedEntry {
  /** Its arguments are made for each run. */
  readonly isLazy: boolean;
}

/**
 * Reads an entry of this name as it was written. Throws `ImproperlyConfigured` for a field that there is not, for a value that
 * a field does not take, for a task that the application does not know, and for a call that lacks arguments, as far as that
 * can be told before it is sent.
 */
export function readEntry(app: EntryApplication, name: string, written: Written): ReadEntry {
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
  return { name, call, isLazy, schedule, ...rules, spec: { task: wire, schedule: kept, ...rules } };
}

/** Reads an entry as it is kept. Throws `ImproperlyConfigured` for what it says and nobody here can do. */
export function keptEntry(app: EntryApplication, name: string, spec: EntrySpec): PlannedEntry {
  const { task, schedule: form, ...rules } = spec;
  const schedule = inEntry(name, "schedule", () => readSchedule(form));
  inEntry(name, "timezone", () => zoneOf(rules.timezone));
  inEntry(name, "task", () => refuseUnknownTask(app, task));
  return { name, call: () => signature(app, task), schedule, ...rules, spec };
}

/** Most missed runs that are sent, where nothing else is said. */
const usualLimit = 100;

function catchupOf({ conf }: EntryApplication, written: Written["catchup"] = "once"): PlannedCatchup {
  const { policy, within, limit = usualLimit } = typeof written === "string" ? { policy: written } : written;
  const oldest = within ?? conf.beatCronStartingDeadline;
  return { policy, ...(oldest !== null && { within: secondsOf(oldest) }), limit };
}
