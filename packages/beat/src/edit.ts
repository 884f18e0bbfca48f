/**
 * Edits: an entry is changed from outside of any tick.
 *
 * @module
 */

import { BackendUnavailable, writeJson } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { type ChangedTo, changeTo, type ReadState, recordIn } from "./entry-change.ts";
import { isUnsettled } from "./look.ts";
import { isKnownHere } from "./old-slots.ts";
import { knownPlan } from "./plan.ts";
import { type EntryRecord, type EntrySpec, newRecord, startAt, textOfSpec, textOfTimes } from "./record.ts";
import { ended, goingOn, revised } from "./revision.ts";
import { type Recall, takePartBack } from "./take-back.ts";

/**
 * What an entry becomes: of what it is (undefined: there is none, or it cannot be read) and the store's clock. Undefined: it is
 * removed. The same record: nothing is changed. It may be asked again, when somebody else was faster.
 */
export type Edit = (record: EntryRecord | undefined, now: number) => EntryRecord | undefined;

/** How often somebody else may be faster. */
const mostTries = 20;
/** After so many tries others are let go first. */
const quickTries = 3;
/** Seconds; so much longer is the longest pause after each try. */
const growth = 0.05;

/** Most parts that are taken back at once: what is left of an entry of which more waits the next ticks take back. */
const mostParts = 10;

/**
 * Changes an entry, and takes back what was sent ahead under the revision that it had; who is cut off before that is made up
 * for by the next tick. Returns what is kept of it now. Throws what the edit throws, `BackendUnavailable`, and what revoking
 * throws.
 */
export async function changeEntry(desk: Desk, name: string, edit: Edit): Promise<EntryRecord | undefined> {
  const { platform } = desk.app;
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (tries >= quickTries) await platform.sleep(platform.random() * growth * tries);
    const { now, entries } = await desk.store.entries({ app: desk.app.name, names: [name] });
    const state = { name, stored: entries[0] };
    const old = recordIn(state);
    // What another edit has left undone would be forgotten.
    if (old !== undefined && (await isTakenBack(desk, state, { record: old, now }))) continue;
    const record = edit(old, now);
    const isDamaged = old === undefined && state.stored !== undefined;
    if (record === old && !isDamaged) return old;
    if (await isChanged(desk, state, { record, now })) return record;
  }
  throw new BackendUnavailable(`The entry "${name}" could not be changed: others change it all the time`);
}

/** Whether it was something that had to be done first. Throws `BackendUnavailable` where more is left of it. */
async function isTakenBack(desk: Desk, state: ReadState, to: ChangedTo): Promise<boolean> {
  const recall = recallIn(desk, state, to.record);
  if (recall === undefined || (!isKnownHere(recall) && recall.record.removed === undefined)) return false;
  if ((await takeBack(desk, recall, to.now)).length === 0) return true;
  throw new BackendUnavailable(`Of the entry "${state.name}" thousands of runs are being taken back: try again soon`);
}

function recallIn({ app }: Desk, { name, stored }: ReadState, record: EntryRecord | undefined): Recall | undefined {
  if (stored === undefined || record === undefined || !isUnsettled(record)) return undefined;
  return { stored, record, entry: knownPlan(app)?.get(name) };
}

/** What is left of it. */
async function takeBack(desk: Desk, recall: Recall, now: number): Promise<readonly Recall[]> {
  let [left, instant]: [readonly Recall[], number] = [[recall], now];
  for (let parts = 0; parts < mostParts && left.length > 0; parts += 1) {
    const { failed, ...part } = await takePartBack(desk, left, instant);
    for (const { error } of failed) throw error;
    [left, instant] = [part.left, part.now];
  }
  return left;
}

/** Whether it is as it is to be; false when somebody else was faster. */
async function isChanged(desk: Desk, state: ReadState, to: ChangedTo): Promise<boolean> {
  const { app, store } = desk;
  const { name } = state;
  const change = changeTo(desk, state, to);
  const { applied, now } = await store.change({ app: app.name, changes: [change] });
  if (applied[0] !== true) return false;
  const stored = change.entry && { name, ...change.entry };
  const recall = recallIn(desk, { name, stored }, to.record);
  if (recall !== undefined) await takeBack(desk, { ...recall, isElsewhere: !isKnownHere(recall) }, now);
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
