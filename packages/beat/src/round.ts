/**
 * One round of a tick: of the entries that are due it sends what is to be sent, and keeps what was sent.
 *
 * Sent first and kept afterwards: whoever is cut off between the two is made up for by the next tick, which sends the same
 * ids again, and they run once. What is kept is a version behind when another beat was first: that one did the same.
 *
 * @module
 */

import { BrokerRejected, type EntryChange, type StoredEntry, UmbelError } from "@umbel/protocol";
import { changeAll } from "./change-all.ts";
import {
  type Decision,
  decide,
  decided,
  nextLook,
  type Sight,
  withinBudget,
  withoutFailed,
  withoutOverlap,
} from "./decision.ts";
import { beatLogger, type Desk } from "./desk.ts";
import { type Look, lookAt, type Plan, type Unreadable, type Unsettled } from "./look.ts";
import { noteSent, stillRunning } from "./overlap.ts";
import { reasonOf } from "./reason.ts";
import { writeRecord } from "./record.ts";
import type { Run } from "./run.ts";
import { sendRuns } from "./send-runs.ts";

/** What a round does it for, and with. */
export interface RoundOptions extends Sight {
  readonly plan: Plan;
  /** Most missed runs that it sends. */
  readonly budget: number;
}

/** A run, and what became of it. */
export interface RunOutcome {
  readonly look: Look;
  readonly run: Run;
  readonly outcome: "sent" | "skipped" | "failed";
  readonly error?: Error;
}

/** What a round did. */
export interface Round {
  readonly runs: readonly RunOutcome[];
  /** Entries that could not be looked at. */
  readonly broken: readonly Unreadable[];
  /** Missed runs among those that were sent. */
  readonly late: number;
  /** The earliest instant at which one of these entries is to be looked at again. */
  readonly next: number;
  /**
   * How many entries may stand elsewhere in the store's order from now on, also such as are due still, or as another beat has changed.
   * One too many has a page read again; one too few would pass over an entry that nobody has looked at.
   */
  readonly moved: number;
  /** Those of which first something is to be taken back. */
  readonly unsettled: readonly Unsettled[];
  /** Those that are another deployment's. */
  readonly foreign: readonly StoredEntry[];
}

/** Sends what is due of these entries. Throws `BackendUnavailable`, and `BrokerRejected` where the broker refuses this process. */
export async function round(desk: Desk, entries: readonly StoredEntry[], options: RoundOptions): Promise<Round> {
  const { plan, now } = options;
  const looks = entries.map((stored) => lookAt(desk.app, plan, stored));
  const seen = looks.flatMap((each) => each ?? []);
  const unsettled = seen.flatMap((each) => ("entry" in each || "error" in each ? [] : [each]));
  const foreign = entries.filter((_, nth) => looks[nth] === undefined);
  const found = seen.flatMap((each) => {
    if ("entry" in each) return [attempted(each, (look) => decide(desk, look, options))];
    return "error" in each ? [each] : [];
  });
  const decisions = await allowed(desk, found.filter(isDecision), options);
  const broken = found.flatMap((each) => (isDecision(each) ? [] : [each]));
  return { ...(await sendAll(desk, { decisions, broken, now })), broken, unsettled, foreign };
}

/** What was decided, and what cannot be. */
interface Decided {
  readonly decisions: readonly Decision[];
  readonly broken: readonly Unreadable[];
  readonly now: number;
}

/** Sends what was decided, and keeps what was sent. */
async function sendAll(
  desk: Desk,
  { decisions, broken, now }: Decided,
): Promise<Pick<Round, "runs" | "late" | "next" | "moved">> {
  const errors = await sendRuns(
    desk,
    decisions.flatMap(({ late, timely }) => [...late, ...timely]),
    now,
  );
  throwOfCaller(errors.values());
  const writes = [
    ...decisions.map((each) => keep(desk, each, { errors, now })),
    ...broken.map((each) => mark(each, now)),
  ];
  const changes = writes.flatMap((write) => changeOf(desk, write));
  const applied = changes.length > 0 ? (await changeAll(desk, changes)).applied : [];
  const refused = new Set(changes.flatMap(({ name }, index) => (applied[index] === true ? [] : [name])));
  await noteOverlapping(
    desk,
    decisions.filter(({ look }) => refused.has(look.stored.name)),
    errors,
  );
  return {
    runs: decisions.flatMap((each) => outcomesOf(each, errors)),
    late: decisions.reduce((sum, { late }) => sum + late.length, 0),
    next: Math.min(Infinity, ...writes.flatMap(({ next }) => next ?? [])),
    moved: changes.length,
  };
}

/** What is this process's fault says nothing of any entry: all stay as they are, for a beat that is let in. */
function throwOfCaller(errors: Iterable<Error>): void {
  for (const error of errors) if (error instanceof BrokerRejected && error.isOfCaller === true) throw error;
}

/** Of entries that another beat kept first, those where runs must not overlap: what that one kept may be without this run. */
async function noteOverlapping(
  desk: Desk,
  decisions: readonly Decision[],
  errors: ReadonlyMap<string, Error>,
): Promise<void> {
  for (const { look, late, timely } of decisions) {
    const run = [...late, ...timely].findLast(({ id }) => !errors.has(id));
    if (run !== undefined && look.entry.overlap !== "allow") await noteSent(desk, look, run);
  }
}

function isDecision(found: Decision | Unreadable): found is Decision {
  return "look" in found;
}

/** An application's schedule may throw: then it is this entry's matter. */
function attempted<Made>(look: Look, make: (look: Look) => Made): Made | Unreadable {
  try {
    return make(look);
  } catch (error) {
    return { stored: look.stored, record: look.record, error };
  }
}

/** What of it may run now: nothing over a run that has not ended, and not too much that was missed. */
async function allowed(
  desk: Desk,
  decisions: readonly Decision[],
  { now, budget }: RoundOptions,
): Promise<readonly Decision[]> {
  const minding = decisions.filter(
    ({ look, late, timely }) => look.entry.overlap !== "allow" && late.length + timely.length > 0,
  );
  const running = await stillRunning(
    desk,
    minding.map(({ look }) => look),
    now,
  );
  const stopped = minding.flatMap(({ look }) => (look.entry.overlap === "cancel" ? (running.get(look) ?? []) : []));
  await stop(desk, stopped);
  let rest = budget;
  return decisions.map((decision) => {
    const one = withinBudget(withoutOverlap(decision, running.has(decision.look)), rest);
    rest -= one.late.length;
    return one;
  });
}

/** Ends what still runs. It is marked first: that nobody could be told of it meanwhile keeps no run from being sent. */
async function stop({ app }: Desk, ids: readonly string[]): Promise<void> {
  try {
    if (ids.length > 0) await app.revoke(ids, true);
  } catch (error) {
    if (!isPassing(error)) throw error;
    app.logger({ logger: beatLogger }).warning(`Runs that overlap could not all be told to end: ${reasonOf(error)}`);
  }
}

/** What is kept of an entry from now on. */
interface Write {
  readonly stored: StoredEntry;
  readonly text: string;
  readonly next?: number | undefined;
  /** Whether nothing was decided: then only another instant to look at it is worth a change. */
  readonly isIdle?: boolean;
}

/** When what was refused for now is tried again, and what is broken; milliseconds. */
const soon = 1000;
const later = 300_000;
/** Characters of an error that are kept. */
const longestReason = 1000;

/** What a round found out, and when it was. */
interface Sending {
  readonly errors: ReadonlyMap<string, Error>;
  readonly now: number;
}

function keep(desk: Desk, decision: Decision, { errors, now }: Sending): Write {
  const { look, late, timely } = decision;
  const { stored } = look;
  const error = [...late, ...timely].map(({ id }) => errors.get(id)).find(Boolean);
  const done = withoutFailed(decision, ({ id }) => errors.has(id));
  const record = decided(desk, done, now);
  if (error !== undefined && !isPassing(error)) return mark({ stored, record, error }, now);
  const text = writeRecord(record);
  if (error !== undefined) return { stored, text, next: now + soon };
  const next = attempted(look, () => ({ at: nextLook(look, record, now) }));
  if ("error" in next) return mark({ ...next, record }, now);
  const isIdle = late.length + timely.length + decision.skipped.length === 0 && look.record.broken === undefined;
  return { stored, text, next: next.at, isIdle };
}

/**
 * Marks an entry as broken. It is looked at again from time to time: what it needs may come with a deployment that is under
 * way, or with a setting.
 */
function mark({ stored, record, error }: Unreadable, now: number): Write {
  const broken = reasonOf(error).slice(0, longestReason);
  return { stored, text: record === undefined ? stored.text : writeRecord({ ...record, broken }), next: now + later };
}

/** The change, if it is one: what is only looked at ahead of its time stays as it is. */
function changeOf({ app }: Desk, { stored, text, next, isIdle = false }: Write): readonly EntryChange[] {
  if (isIdle && next === stored.next) return [];
  const entry = { version: app.platform.newId(), text, ...(next === undefined ? {} : { next }) };
  return [{ name: stored.name, expected: stored.version, entry }];
}

function outcomesOf(
  { look, late, timely, skipped }: Decision,
  errors: ReadonlyMap<string, Error>,
): readonly RunOutcome[] {
  const sent = [...late, ...timely].map((run): RunOutcome => {
    const error = errors.get(run.id);
    return error === undefined ? { look, run, outcome: "sent" } : { look, run, outcome: "failed", error };
  });
  return [...sent, ...skipped.map((run): RunOutcome => ({ look, run, outcome: "skipped" }))];
}

function isPassing(error: unknown): boolean {
  return error instanceof UmbelError && error.transient;
}
