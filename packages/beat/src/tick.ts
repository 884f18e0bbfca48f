/**
 * One tick: read what is due, send it, keep what was sent.
 *
 * It asks the store's clock only, so a beat whose own clock is wrong does no harm. Any number of beats may tick at once, late,
 * or be cut off: they send the same runs under the same ids (run.ts), and each runs once.
 *
 * @module
 */

import { needBackend } from "@umbel/core";
import type { DueEntries } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import type { Plan } from "./look.ts";
import { finishEdits } from "./finish-edits.ts";
import { fingerprintOf, registerPlan } from "./register-plan.ts";
import { reasonOf } from "./reason.ts";
import { round, type Round, type RunOutcome } from "./round.ts";
import { tell, textOf } from "./tell.ts";
import { tellUntended } from "./untended.ts";

/** What was sent for an entry. */
export interface SentRun {
  readonly entry: string;
  readonly id: string;
  /** The instant that it is for, ISO 8601. */
  readonly slot: string;
}

/** What could not be sent; it is tried again. Without a slot where nobody can tell what is due. */
export interface FailedRun extends Partial<SentRun> {
  readonly entry: string;
  readonly error: string;
}

/** What a tick did. */
export interface Tick {
  readonly sent: readonly SentRun[];
  readonly failed: readonly FailedRun[];
  /** What was due while the run before it had not ended. */
  readonly skipped: readonly SentRun[];
  /** When the next tick is wanted at the latest, ISO 8601, by the store's clock. */
  readonly next: string;
  /** Seconds until then. */
  readonly wait: number;
}

/** What a tick works with. */
export interface TickDesk extends Desk {
  readonly plan: Plan;
  /** Whether the plan is all that there is in code: then others are taken off. */
  readonly registers: boolean;
  /** Seconds; runs that are due within them are sent ahead of their time. */
  readonly horizon: number;
}

/** Seconds ahead that are looked at in any case: to know when the next tick is wanted. */
const outlook = 60;
/** Entries in one answer of the store. */
const page = 500;
/** Most answers that one tick works on. */
const mostRounds = 20;
/** Most missed runs that one tick sends. */
const mostLate = 100;

/** Most parts that one tick takes back: each is three requests, and an edge runtime may allow fifty in all. */
const mostParts = 5;

/** Sends what is due. Throws `BackendUnavailable`, `NotSupportedError`. */
export async function tick(desk: TickDesk): Promise<Tick> {
  needBackend(desk.app, "beat");
  const ticking: Ticking = { rounds: [], seen: new Set() };
  let due = await readOurs(desk);
  const { now } = due;
  for (let parts = mostParts; ;) {
    const { unsettled, isMore } = await goThrough(desk, due, ticking);
    const finished = await finishEdits(desk, desk.plan, { unsettled, parts });
    if (finished.names.length === 0) {
      tellUntended(desk, { now, foreign: ticking.rounds.flatMap(({ foreign }) => foreign) });
      return summaryOf(ticking.rounds, { now, end: endOf(desk, { now, isMore: isMore || finished.isMore }) });
    }
    // What they say by their new rules may be due.
    for (const name of finished.names) ticking.seen.delete(name);
    ({ parts } = finished);
    due = await readOurs(desk);
  }
}

/** What was done so far. */
interface Ticking {
  readonly rounds: Round[];
  /** Names of the entries that were looked at. */
  readonly seen: Set<string>;
}

/** Looks at all that is due, page by page; `isMore`: not at all of it. What stays where it is is skipped from then on. */
async function goThrough(
  desk: TickDesk,
  first: DueEntries,
  { rounds, seen }: Ticking,
): Promise<Pick<Round, "unsettled"> & { readonly isMore: boolean }> {
  const [ahead, horizon] = [aheadOf(desk) * 1000, desk.horizon * 1000];
  const unsettled: Round["unsettled"][number][] = [];
  let [due, skip] = [first, 0];
  for (;;) {
    const entries = due.entries.filter(({ name }) => !seen.has(name));
    for (const { name } of entries) seen.add(name);
    const budget = mostLate - rounds.reduce((sum, { late }) => sum + late, 0);
    const done = await round(desk, entries, { plan: desk.plan, now: due.now, ahead, horizon, budget });
    await tell(desk, done);
    rounds.push(done);
    unsettled.push(...done.unsettled);
    if (!due.more || rounds.length >= mostRounds) return { unsettled, isMore: due.more };
    skip += due.entries.length - done.moved;
    due = await read(desk, skip);
  }
}

/** A call that runs in this process does so when it is sent: then nothing is sent ahead. */
function aheadOf({ app, horizon }: TickDesk): number {
  return app.conf.taskAlwaysEager ? 0 : horizon;
}

/** What is due; before that, where another plan than ours was kept last, ours is registered. */
async function readOurs(desk: TickDesk): Promise<DueEntries> {
  const due = await read(desk, 0);
  if (!desk.registers || due.plan === fingerprintOf(desk, desk.plan)) return due;
  await registerPlan(desk, desk.plan);
  return await read(desk, 0);
}

async function read(desk: TickDesk, skip: number): Promise<DueEntries> {
  const within = Math.max(aheadOf(desk), outlook);
  return await desk.store.due({ app: desk.app.name, within, limit: page, ...(skip === 0 ? {} : { skip }) });
}

/** Half-way: a tick that is late, or has to be tried again, still finds what comes then to be sent ahead. */
function endOf(desk: TickDesk, { now, isMore }: { readonly now: number; readonly isMore: boolean }): number {
  if (isMore) return now;
  const ahead = aheadOf(desk) * 1000;
  return now + (ahead === 0 ? outlook * 1000 : ahead / 2);
}

function summaryOf(rounds: readonly Round[], { now, end }: { readonly now: number; readonly end: number }): Tick {
  const runs = rounds.flatMap((each) => each.runs);
  const broken = rounds.flatMap((each) => each.broken);
  const next = Math.max(now, Math.min(end, ...rounds.map((each) => each.next)));
  return {
    sent: runs.filter(({ outcome }) => outcome === "sent").map(shown),
    failed: [
      ...runs.flatMap((each) => (each.error === undefined ? [] : [{ ...shown(each), error: each.error.message }])),
      ...broken.map(({ stored, error }) => ({ entry: stored.name, error: reasonOf(error) })),
    ],
    skipped: runs.filter(({ outcome }) => outcome === "skipped").map(shown),
    next: textOf(next),
    wait: (next - now) / 1000,
  };
}

function shown({ look, run }: RunOutcome): SentRun {
  return { entry: look.entry.name, id: run.id, slot: textOf(run.slot) };
}
