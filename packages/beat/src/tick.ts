/**
 * One tick: read the last slots, send what is due, keep the new ones.
 *
 * A run's id comes from the app, the entry and the slot, so a tick may be repeated, doubled, or cut off between sending
 * and keeping: the same run is sent again under the same id, and runs once (delivery.md 2, 3).
 *
 * @module
 */

import { type CallingApplication, childId, needBackend } from "@umbel/core";
import { dueAt, type DueRun, type LastSlots } from "./due.ts";
import type { PlannedEntry } from "./entry.ts";
import { loadLastSlots, saveLastSlots } from "./last-slots.ts";

/** What was sent for an entry. */
export interface SentRun {
  readonly entry: string;
  readonly id: string;
  /** The instant that it is for, ISO 8601. */
  readonly slot: string;
}

/** What could not be sent; the next tick tries again, while the slot lasts. */
export interface FailedRun extends SentRun {
  readonly error: string;
}

/** What a tick did. */
export interface Tick {
  readonly sent: readonly SentRun[];
  readonly failed: readonly FailedRun[];
  /** Seconds until something is due, by the store's clock; 0 when more is due already. Absent: nothing is. */
  readonly wait?: number;
}

/** Sends what is due. One read of the backend, and one write when anything changed. Throws `BackendUnavailable`, `NotSupportedError`. */
export async function tick(app: CallingApplication, plan: readonly PlannedEntry[]): Promise<Tick> {
  needBackend(app, "beat");
  const last = await loadLastSlots(app);
  const { runs, found } = dueAt(app.platform.now(), plan, last);
  const attempts = await Promise.all(runs.map(async (run) => ({ run, outcome: await send(app, run) })));

  const sent = attempts.filter(({ outcome }) => !("error" in outcome)).map(({ run }) => run);
  const reached: LastSlots = { ...found, ...Object.fromEntries(sent.map(({ entry, slot }) => [entry.name, slot])) };
  if (Object.keys(reached).length > 0) await saveLastSlots(app, plan, { ...last, ...reached });

  const outcomes = attempts.map(({ outcome }) => outcome);
  return {
    sent: outcomes.filter((outcome) => !isFailed(outcome)),
    failed: outcomes.filter(isFailed),
  };
}

/** One entry that cannot be sent must not keep the others from it. */
async function send(app: CallingApplication, { entry, slot }: DueRun): Promise<SentRun | FailedRun> {
  const run = { entry: entry.name, id: runId(app, entry, slot), slot: new Date(slot).toISOString() };
  const log = app.logger({ logger: "umbel.beat" });
  try {
    await entry.task.applyIn(undefined, [], { ...entry.options, taskId: run.id });
    log.info(`Sending due task ${entry.name} (${entry.task.toString()})`);
    return run;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error(`${entry.name} (${entry.task.toString()}) could not be sent: ${reason}`);
    return { ...run, error: reason };
  }
}

function runId(app: CallingApplication, entry: PlannedEntry, slot: number): string {
  return childId(app.name, `beat\n${entry.name}\n${slot}`);
}

function isFailed(run: SentRun | FailedRun): run is FailedRun {
  return "error" in run;
}
