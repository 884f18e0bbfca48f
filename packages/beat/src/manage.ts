/**
 * Entries at run time: added, shown, paused, triggered, without a deployment.
 *
 * They are kept in the store beside those of code, and told apart from them: a deployment never touches what was added here,
 * and what is declared in code is edited only there.
 *
 * @module
 */

import { type ResultHandle, signature, type Umbel } from "@umbel/core";
import { EntryInCode, ImproperlyConfigured } from "@umbel/protocol";
import { type Backfill, type BackfillRange, backfilled } from "./backfill.ts";
import type { Desk } from "./desk.ts";
import { nextSlot } from "./due.ts";
import { dynamicSpec } from "./dynamic-entry.ts";
import { changeEntry, type Edit, paused, removed, resumed, withSpec } from "./edit.ts";
import type { BeatEntry, EntryFor } from "./entry.ts";
import type { Written } from "./entry-fields.ts";
import { checkSize } from "./entry-size.ts";
import { findEntry, isRemoved, needEntry, noEntry } from "./find-entry.ts";
import { knownPlan } from "./plan.ts";
import type { EntryRecord } from "./record.ts";
import { entryView, type ScheduleEntry } from "./schedule-entry.ts";
import { storeOf, type StoreOptions } from "./store.ts";

/** What can be done with the entries of an application. All of it throws `BackendUnavailable`. */
export interface Schedules {
  /**
   * Adds an entry, or gives the one of this name other rules; what was sent ahead by the old ones is taken back. The same rules
   * again change nothing. Throws `ImproperlyConfigured` for an entry that cannot be, and `EntryInCode` for a name of the code.
   */
  upsert<T extends BeatEntry["task"]>(name: string, entry: EntryFor<T>): Promise<ScheduleEntry>;
  /** One entry; undefined when there is none of this name. */
  get(name: string): Promise<ScheduleEntry | undefined>;
  /** All entries, of code too, by name. */
  list(): Promise<readonly ScheduleEntry[]>;
  /** Nothing is sent for it any more, and what was sent ahead is taken back. Throws `EntryNotFound`. */
  pause(name: string): Promise<ScheduleEntry>;
  /** It goes on; what was due meanwhile was not missed. Throws `EntryNotFound`, and `EntryInCode` for one that the code has no more. */
  resume(name: string): Promise<ScheduleEntry>;
  /** Removes an entry; false when there is none. Throws `EntryInCode` for one that is declared in code. */
  remove(name: string): Promise<boolean>;
  /**
   * Sends its call now, under an id of its own: that is no run of the schedule, and a paused entry may be triggered as well.
   * Throws `EntryNotFound`, and what sending throws.
   */
  trigger(name: string): Promise<ResultHandle>;
  /**
   * Sends the runs of a stretch of the past, each under the id that it had or would have had: what ran then does not run
   * again while the store remembers it. Throws `EntryNotFound`, and `ImproperlyConfigured` for a stretch that cannot be.
   */
  backfill(name: string, range: BackfillRange): Promise<Backfill>;
  /** The next instants at which it runs, were it not paused. Throws `EntryNotFound`. */
  next(name: string, count?: number): Promise<readonly Date[]>;
}

/** The entries of an application: those that its code declares, and those that were added at run time. */
export function schedules(app: Umbel, options: StoreOptions = {}): Schedules {
  const desk = (): Desk => ({ app, store: storeOf(app, options) });
  return {
    upsert,
    get: async (name) => await found(desk(), name),
    list: async () => await all(desk()),
    pause: async (name) => await changed(desk(), name, paused),
    resume: async (name) => await changed(desk(), name, resumable(name, resumed)),
    remove: async (name) => await taken(desk(), name),
    async trigger(name) {
      const { entry } = await needEntry(desk(), name);
      return await signature(app, entry.call().wire).delay();
    },
    backfill: async (name, range) => await backfilled(desk(), name, range),
    next: async (name, count = 10) => await nextRuns(desk(), name, count),
  };

  async function upsert<T extends BeatEntry["task"]>(name: string, entry: EntryFor<T>): Promise<ScheduleEntry>;
  async function upsert(name: string, entry: Written): Promise<ScheduleEntry> {
    const spec = await dynamicSpec(app, name, entry);
    checkSize(desk(), name, spec);
    const edit = withSpec(spec, app.platform.newId());
    await changeEntry(desk(), name, (record, now) => edit(editable(desk(), name, { record, now }), now));
    return await shown(desk(), name);
  }
}

/** Entries in one answer of the store. */
const page = 1000;

async function all({ app, store }: Desk): Promise<readonly ScheduleEntry[]> {
  const views: ScheduleEntry[] = [];
  for (let after: string | undefined; ;) {
    const request = { app: app.name, limit: page, ...(after === undefined ? {} : { after }) };
    const { now, entries, more } = await store.entries(request);
    const there = entries.filter((stored) => !isRemoved(stored));
    views.push(...there.map((stored) => entryView(app, stored, now)));
    after = entries.at(-1)?.name;
    if (!more || after === undefined) return views;
  }
}

async function found(desk: Desk, name: string): Promise<ScheduleEntry | undefined> {
  const { now, stored } = await findEntry(desk, name);
  return stored && entryView(desk.app, stored, now);
}

async function shown(desk: Desk, name: string): Promise<ScheduleEntry> {
  const entry = await found(desk, name);
  if (entry === undefined) throw noEntry(desk.app, name);
  return entry;
}

async function changed(desk: Desk, name: string, edit: Edit): Promise<ScheduleEntry> {
  await changeEntry(desk, name, (record, now) => {
    if (record === undefined) throw noEntry(desk.app, name);
    return edit(record, now);
  });
  return await shown(desk, name);
}

/** Of an entry that the code has no more: nobody sends it, so it does not go on. Throws `EntryInCode`. */
function resumable(name: string, edit: Edit): Edit {
  return (record, now) => {
    if (record?.dropped === undefined) return edit(record, now);
    const way = "bring it back there, or upsert it to have it at run time";
    throw new EntryInCode(
      `The entry "${name}" was declared in code and is there no more, so it does not go on: ${way}`,
    );
  };
}

/** Takes an entry away. Whether there was one. */
async function taken(desk: Desk, name: string): Promise<boolean> {
  if ((await findEntry(desk, name)).stored === undefined) return false;
  await changeEntry(desk, name, (record, now) => {
    if (isInCode(desk, name, record)) throw inCode(name, "take it out there; paused, it sends nothing until then");
    return removed(record, now);
  });
  return true;
}

/** The record, if it may be edited at run time: of code only what no code has any more. Throws `EntryInCode`. */
function editable(
  desk: Desk,
  name: string,
  { record, now }: { readonly record: EntryRecord | undefined; readonly now: number },
): EntryRecord | undefined {
  if (isInCode(desk, name, record)) throw inCode(name, "change it there, or give this one another name");
  if (record === undefined || record.kind === "dynamic") return record;
  const { dropped: _dropped, late: _late, ...kept } = record;
  return { ...kept, kind: "dynamic", upTo: Math.max(record.upTo, now) };
}

function isInCode({ app }: Desk, name: string, record: EntryRecord | undefined): boolean {
  if (record?.kind === "code" && record.dropped === undefined) return true;
  return record?.kind !== "dynamic" && knownPlan(app)?.has(name) === true;
}

function inCode(name: string, way: string): EntryInCode {
  return new EntryInCode(`The entry "${name}" is declared in code: ${way}`);
}

/** Most instants in one answer. */
export const mostNext = 1000;

async function nextRuns(desk: Desk, name: string, count: number): Promise<readonly Date[]> {
  if (!Number.isSafeInteger(count) || count < 1 || count > mostNext) {
    throw new ImproperlyConfigured(`The number of runs is ${count}: give a whole number from 1 to ${mostNext}`);
  }
  const { now, entry, record } = await needEntry(desk, name);
  const runs: Date[] = [];
  for (let after: number | undefined = now; runs.length < count;) {
    after = nextSlot(entry, record, after);
    if (after === undefined) break;
    runs.push(new Date(after));
  }
  return runs;
}
