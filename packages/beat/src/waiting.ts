/**
 * Runs that were sent and have not begun: they wait at the broker, where an edit may take them back.
 *
 * They are kept by their slots, beside the number and the last of those whose moment had come when the record was written. Who
 * shows the record reckons what has come since, so what is shown needs no tick to be true.
 *
 * @module
 */

import { type CallingApplication, countdownOf } from "@umbel/core";
import type { Desk } from "./desk.ts";
import type { EntryRecord, EntrySpec } from "./record.ts";
import { idAt, jitterOf, type Run } from "./run.ts";

/** What is kept of an entry, and its name. */
export interface Kept {
  readonly name: string;
  readonly record: EntryRecord;
}

/** A run that was sent. */
export interface LastRun {
  readonly slot: number;
  readonly id: string;
}

/** Of more that wait the earliest are taken for begun: a run each second, five minutes ahead, leaves room. */
const mostWaiting = 500;

/** The same entry with these runs, which were sent now: the last of them last. */
export function withSent(
  { app }: Pick<Desk, "app">,
  { name, record }: Kept,
  { runs, now }: { readonly runs: readonly Run[]; readonly now: number },
): EntryRecord {
  const last = runs.at(-1);
  const slots = new Set([...(record.waiting ?? []), ...runs.map(({ slot }) => slot)]);
  const waiting = [...slots].toSorted((one, other) => one - other);
  const lastAt = last === undefined ? {} : { lastAt: Math.max(last.at, now) };
  return counted({ app }, { name, record: { ...record, ...lastAt, waiting } }, now);
}

/** The same entry once what has begun of what waits is counted. */
export function counted({ app }: Pick<Desk, "app">, { name, record }: Kept, now: number): EntryRecord {
  const { waiting: slots = [], ...kept } = record;
  const { task, jitter } = record.spec;
  const countdown = slots.some((slot) => slot <= now) ? countdownIn({ app }, task) : 0;
  const isWaiting = (slot: number): boolean => {
    if (slot > now || slot + jitter * 1000 + countdown <= now) return slot > now;
    return slot + jitterOf(idAt(app.name, { name, record }, slot), jitter) + countdown > now;
  };
  const waiting = slots.filter(isWaiting).slice(-mostWaiting);
  const left = new Set(waiting);
  const begun = slots.filter((slot) => !left.has(slot));
  const last = lastSent(app.name, { name, record: { ...kept, waiting: begun } });
  return {
    ...kept,
    count: record.count + begun.length,
    ...(last === undefined ? {} : { lastRun: last.slot, lastId: last.id }),
    ...(waiting.length === 0 ? {} : { waiting }),
  };
}

/** Milliseconds for which a run waits at the broker after its slot and its jitter; none where it cannot be sent at all. */
export function countdownIn({ app }: { readonly app: CallingApplication }, call: EntrySpec["task"]): number {
  if (call.subtask_type === null && call.options.countdown === undefined) return 0;
  try {
    return countdownOf(app, call);
  } catch {
    return 0;
  }
}

/** How many runs there were up to an instant. */
export function countAt({ count, waiting = [] }: EntryRecord, instant: number): number {
  return count + waiting.filter((slot) => slot <= instant).length;
}

/** The latest run that was sent, of those for no later instant; undefined when there is none. */
export function lastSent(app: string, { name, record }: Kept, instant: number = Infinity): LastRun | undefined {
  const { waiting = [], lastRun, lastId } = record;
  const slot = waiting.findLast((each) => each <= instant);
  if (slot !== undefined && slot > (lastRun ?? -Infinity)) return { slot, id: idAt(app, { name, record }, slot) };
  if (lastRun === undefined || lastId === undefined || lastRun > instant) return undefined;
  return { slot: lastRun, id: lastId };
}
