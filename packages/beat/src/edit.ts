/**
 * Edits: an entry is changed from outside of any tick.
 *
 * @module
 */

import { BackendUnavailable, writeJson } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { type ChangedTo, changeTo, type ReadState, recordIn, settlement } from "./entry-change.ts";
import { knownPlan } from "./plan.ts";
import { type EntryRecord, type EntrySpec, newRecord, startAt, textOfSpec, textOfTimes } from "./record.ts";
import { ended, goingOn, revised, settled, takeBack } from "./revision.ts";
import type { Kept } from "./waiting.ts";

/**
 * What an entry becomes: of what it is (undefined: there is none, or it cannot be read) and the store's clock. Undefined: it is
 * removed. The same record: nothing is changed. It may be asked again, when somebody else was faster.
 */
export type Edit = (record: EntryRecord | undefined, now: number) => EntryRecord | undefined;

/** How often somebody else may be faster. */
const mostTries = 20;

/**
 * Changes an entry, and takes back what was sent ahead under the revision that it had; who is cut off before that is made up
 * for by the next tick. Returns what is kept of it now. Throws what the edit throws, `BackendUnavailable`, and what revoking
 * throws.
 */
export async function changeEntry(desk: Desk, name: string, edit: Edit): Promise<EntryRecord | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { now, entries } = await desk.store.entries({ app: desk.app.name, names: [name] });
    const state = { name, stored: entries[0] };
    const kept = recordIn(state);
    const old = kept && (await finished(desk, { name, record: kept }, now));
    const record = edit(old, now);
    const isDamaged = kept === undefined && state.stored !== undefined;
    if (record === old && !isDamaged) return old;
    if (await isChanged(desk, state, { record, now })) return record;
  }
  throw new BackendUnavailable(`The entry "${name}" could not be changed: others change it all the time`);
}

/** The entry once what another edit has left undone is done: it would be forgotten. */
async function finished(desk: Desk, { name, record }: Kept, now: number): Promise<EntryRecord | undefined> {
  if (record.old === undefined) return record;
  const isDone = await takeBack(desk, { name, record, entry: knownPlan(desk.app)?.get(name) });
  return isDone || record.removed !== undefined ? settled(desk, { name, record }, now) : record;
}

/** Whether it is as it is to be; false when somebody else was faster. */
async function isChanged(desk: Desk, state: ReadState, to: ChangedTo): Promise<boolean> {
  const { app, store } = desk;
  const change = changeTo(desk, state, to);
  const { applied } = await store.change({ app: app.name, changes: [change] });
  if (applied[0] !== true) return false;
  if (to.record?.old === undefined) return true;
  const entry = knownPlan(app)?.get(state.name);
  const isDone = await takeBack(desk, { name: state.name, record: to.record, entry });
  // Where somebody else was faster, or only the code knows what there is to take back, a tick does it.
  if (isDone) await store.change({ app: app.name, changes: [settlement(desk, change, { ...to, record: to.record })] });
  return true;
}

/**
 * Gives an entry these rules; a new one, if there is none: `birth` is a new id. Its rhythm goes on where its schedule stays.
 */
export function withSpec(spec: EntrySpec, birth: string): Edit {
  return (record, now) => {
    if (record === undefined) return newRecord(spec, now, birth);
    return textOfSpec(spec) === textOfSpec(record.spec) && record.broken === undefined
      ? record
      : respecified(record, spec, now);
  };
}

/** The same entry by other rules. */
export function respecified(record: EntryRecord, spec: EntrySpec, now: number): EntryRecord {
  const isSameSchedule = textOfSchedule(spec) === textOfSchedule(record.spec);
  const start = isSameSchedule ? record.start : startAt(now);
  const isSent = spec.enabled && record.paused === undefined;
  const isGoingOn = isSent && textOfTimes(spec) === textOfTimes(record.spec);
  const watched = isSameShape(spec, record.spec) ? {} : { lastAt: 0 };
  return { ...(isGoingOn ? goingOn : revised)(record, now), ...watched, spec, start };
}

/** Whether the parts of the last run are known by the new rules. Where they are not, nothing can be told of those that left no trace. */
function isSameShape({ task }: EntrySpec, { task: old }: EntrySpec): boolean {
  const isTask = task.subtask_type === null && old.subtask_type === null;
  return isTask || writeJson(task) === writeJson(old);
}

function textOfSchedule({ schedule, timezone }: EntrySpec): string {
  return JSON.stringify([schedule, timezone]);
}

/** Nothing is sent any more, and what was sent ahead is taken back. */
export function paused(record: EntryRecord | undefined, now: number): EntryRecord | undefined {
  return record === undefined || record.paused !== undefined ? record : { ...ended(record, now), paused: now };
}

/** It goes on: what was due meanwhile was not missed. One that was broken is tried again. */
export function resumed(record: EntryRecord | undefined, now: number): EntryRecord | undefined {
  if (record === undefined || (record.paused === undefined && record.broken === undefined)) return record;
  const { paused: since, broken: _broken, ...kept } = record;
  return since === undefined ? kept : { ...kept, upTo: Math.max(record.upTo, now) };
}

/** It is no more. */
export function removed(record: EntryRecord | undefined, now: number): EntryRecord | undefined {
  return record === undefined ? undefined : { ...ended(record, now), removed: now };
}
