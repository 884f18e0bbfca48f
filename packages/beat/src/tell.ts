/**
 * What a tick tells of what it did: in the log, and by the signal `beatDue`.
 *
 * @module
 */

import { beatLogger, type Desk } from "./desk.ts";
import { reasonOf } from "./reason.ts";
import type { Round, RunOutcome } from "./round.ts";

/** Tells the log, a line for all runs of an entry that fared alike; and whoever listens, of each run. */
export async function tell({ app }: Pick<Desk, "app">, { runs, broken }: Round): Promise<void> {
  const log = app.logger({ logger: beatLogger });
  for (const { stored, error } of broken) log.error(`The entry ${stored.name} is broken: ${reasonOf(error)}`);
  for (const alike of alikeIn(runs)) tellLog(log, alike);
  for (const { look, run, outcome, error } of runs) {
    const told = { entry: look.entry.name, slot: textOf(run.slot), taskId: run.id, outcome };
    await app.signals.beatDue.send(app.name, { ...told, ...(error === undefined ? {} : { error: reasonOf(error) }) });
  }
}

/** An instant as it is told. */
export function textOf(instant: number): string {
  return new Date(instant).toISOString();
}

/** Runs of one entry with one outcome: the first and the last of them, which may be the same, and how many there are. */
interface Alike {
  readonly first: RunOutcome;
  readonly last: RunOutcome;
  readonly count: number;
}

function alikeIn(runs: readonly RunOutcome[]): Iterable<Alike> {
  const found = new Map<string, Alike>();
  for (const run of runs) {
    const key = JSON.stringify([run.look.entry.name, run.outcome]);
    const { first = run, count = 0 } = found.get(key) ?? {};
    found.set(key, { first, last: run, count: count + 1 });
  }
  return found.values();
}

/** The first words are Celery's. */
function tellLog(log: ReturnType<Desk["app"]["logger"]>, { first, last, count }: Alike): void {
  const { look, outcome, error, run } = first;
  const task = `${look.entry.name} (${look.record.spec.task.task})`;
  const slots =
    count === 1 ? ` for ${textOf(run.slot)}` : `: ${count} runs, ${textOf(run.slot)} to ${textOf(last.run.slot)}`;
  if (outcome === "sent") log.info(`Scheduler: Sending due task ${task}${slots}`);
  if (outcome === "failed") log.error(`Scheduler: Could not send due task ${task}${slots}: ${reasonOf(error)}`);
  if (outcome === "skipped") log.info(`Scheduler: Skipping due task ${task}${slots}: the run before has not ended`);
}
