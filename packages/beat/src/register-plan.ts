/**
 * Registers the entries of code: once for each deployment, and whenever two of them tick by turns.
 *
 * What is kept as the plan is a fingerprint of all of them. While it is ours, each of them has its record, and a tick reads
 * nothing more. Entries that were added at run time are never touched.
 *
 * @module
 */

import { childId } from "@umbel/core";
import type { EntryChange, StoredEntry } from "@umbel/protocol";
import { changeAll } from "./change-all.ts";
import { beatLogger, type Desk } from "./desk.ts";
import { respecified } from "./edit.ts";
import { checkSize } from "./entry-size.ts";
import { changeTo, type ReadState, recordIn } from "./entry-change.ts";
import { isSame, isUnsettled, type Plan } from "./look.ts";
import type { PlannedEntry } from "./planned-entry.ts";
import { type EntryRecord, newRecord, startAt, textOfSpec } from "./record.ts";
import { goingOn } from "./revision.ts";

/** Milliseconds for which an entry that is in no plan any more may come back and go on: so long may a deployment take. */
const mostAway = 600_000;
/** Entries in one answer. */
const page = 1000;
/** How often other beats may be faster. */
const mostTries = 5;

const fingerprints = new WeakMap<Plan, string>();

/** What the plan is known by. It is reckoned once. */
export function fingerprintOf({ app }: Pick<Desk, "app">, plan: Plan): string {
  const known = fingerprints.get(plan) ?? childId(app.name, textOfPlan(plan));
  fingerprints.set(plan, known);
  return known;
}

function textOfPlan(plan: Plan): string {
  const texts = Array.from(plan.values(), ({ name, spec }) => JSON.stringify([name, textOfSpec(spec)]));
  return texts.toSorted().join("\n");
}

/**
 * Gives each entry of the plan its record, and takes those off that are in no plan any more; what was sent ahead for them is left
 * for the tick to take back. Of an entry of which an earlier edit is not done yet nothing is changed: then the plan is not kept,
 * and the next tick comes back to it. Throws `BackendUnavailable`.
 */
export async function registerPlan(desk: Desk, plan: Plan): Promise<void> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const { now, entries } = await allEntries(desk);
    const known = new Map(entries.map((stored) => [stored.name, stored]));
    const names = new Set([...plan.keys(), ...known.keys()]);
    const steps = [...names].flatMap((name) =>
      stepOf(desk, { stored: known.get(name), entry: plan.get(name), name, now }),
    );
    const changes = steps.flatMap((step) => (step === "later" ? [] : [step]));
    const applied = changes.length === 0 ? [] : (await changeAll(desk, changes)).applied;
    if (!applied.every(Boolean)) continue;
    // Kept by itself, and last: who is cut off before, or was never fast enough, has not registered, and the next tick does.
    if (changes.length === steps.length) await keepPlan(desk, plan);
    return;
  }
}

async function keepPlan(desk: Desk, plan: Plan): Promise<void> {
  await desk.store.change({ app: desk.app.name, changes: [], plan: fingerprintOf(desk, plan) });
}

async function allEntries({
  app,
  store,
}: Desk): Promise<{ readonly now: number; readonly entries: readonly StoredEntry[] }> {
  const entries: StoredEntry[] = [];
  for (;;) {
    const after = entries.at(-1)?.name;
    const answer = await store.entries({ app: app.name, limit: page, ...(after === undefined ? {} : { after }) });
    entries.push(...answer.entries);
    if (!answer.more) return { now: answer.now, entries };
  }
}

/** An entry, as it is kept and as it is planned. */
interface Known extends ReadState {
  readonly entry: PlannedEntry | undefined;
  readonly now: number;
}

/** The change of an entry, when there is one; `later`: not before an edit of it is done. */
function stepOf(desk: Desk, known: Known): readonly (EntryChange | "later")[] {
  const { name, entry, now } = known;
  const old = recordIn(known);
  if (old?.kind === "dynamic") {
    if (entry !== undefined) desk.app.logger({ logger: beatLogger }).error(taken(name));
    return [];
  }
  const record = entry === undefined ? droppedOf(old, now) : plannedOf(old, entry, now);
  if (record === undefined || record === old) return [];
  if (old !== undefined && isUnsettled(old)) return ["later"];
  if (entry !== undefined) checkSize(desk, name, record.spec);
  return [changeTo(desk, known, { record, now })];
}

function taken(name: string): string {
  return `The entry "${name}" of the code is not sent: one of that name was added at run time. Rename it, or remove that one`;
}

/** What is kept of an entry of the plan. */
function plannedOf(old: EntryRecord | undefined, entry: PlannedEntry, now: number): EntryRecord {
  if (old === undefined) return newRecord(entry.spec, now);
  const back = returned(old, now);
  return isSame(entry, old) ? back : respecified(back, entry.spec, now);
}

/** One that was in no plan for a moment goes on; one that was away longer is as new. */
function returned(old: EntryRecord, now: number): EntryRecord {
  const { dropped, ...record } = old;
  if (dropped === undefined) return old;
  if (now - dropped <= mostAway) return record;
  const { late: _late, ...anew } = record;
  return { ...anew, start: startAt(now), upTo: Math.max(record.upTo, now) };
}

function droppedOf(old: EntryRecord | undefined, now: number): EntryRecord | undefined {
  return old === undefined || old.dropped !== undefined ? old : { ...goingOn(old, now), dropped: now };
}
