/**
 * What becomes of a run that is due while the run before it has not ended.
 *
 * @module
 */

import { type CallIds, idsOf, resultLife } from "@umbel/core";
import { isTerminal } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { changeEntry } from "./edit.ts";
import type { Look } from "./look.ts";
import type { Run } from "./run.ts";
import { type LastRun, lastSent, withSent } from "./waiting.ts";

/** An entry that minds overlap, and the parts of its last run. */
interface Watched {
  readonly look: Look;
  readonly ids: CallIds;
}

/**
 * Of these entries those whose last run has not ended, with the ids of all its tasks: one read for all of them. Throws
 * `BackendUnavailable`.
 */
export async function stillRunning(
  { app }: Desk,
  looks: readonly Look[],
  now: number,
): Promise<ReadonlyMap<Look, readonly string[]>> {
  const watched = looks.flatMap((look) => {
    const last = lastOf(app, look);
    return last === undefined ? [] : [{ look, ids: partsOf(app, look, last) }];
  });
  if (watched.length === 0) return new Map();
  const last = watched.flatMap(({ ids }) => ids.last);
  const metas = await app.backend.read(last);
  const found = new Map(last.map((id, index) => [id, metas[index]]));
  return new Map(watched.filter(isOpen).map(({ look, ids }) => [look, [...ids.tasks.keys()]]));

  function isOpen({ look: { record }, ids }: Watched): boolean {
    return ids.last.some((id) => {
      const meta = found.get(id);
      // What is not there has not begun yet, or has ended so long ago that it is gone: or it was lost, and nobody waits for it.
      if (meta === undefined) return (record.lastAt ?? record.lastRun ?? 0) + lifeOf(app, ids.tasks.get(id)) > now;
      return !isTerminal(meta.status);
    });
  }
}

/** Milliseconds for which a task's result stays. */
function lifeOf({ conf, tasks }: Desk["app"], task = ""): number {
  return (resultLife(conf, tasks.get(task)?.options).resultExpires ?? Infinity) * 1000;
}

/**
 * Notes a run that was sent while another beat kept that it was not to be: for that one the run before it had not ended yet.
 * The next look has to mind it. Throws `BackendUnavailable`.
 */
export async function noteSent(desk: Desk, { stored: { name }, record: { revision } }: Look, run: Run): Promise<void> {
  await changeEntry(desk, name, (record, now) => {
    if (record?.revision !== revision) return record;
    const last = lastSent(desk.app.name, { name, record });
    if (last !== undefined && last.slot >= run.slot) return record;
    const skipped = Math.max(0, record.skipped - 1);
    return withSent(desk, { name, record: { ...record, skipped } }, { runs: [run], now });
  });
}

function lastOf({ name: app }: Desk["app"], { entry: { name }, record }: Look): LastRun | undefined {
  return lastSent(app, { name, record });
}

/** Of what was sent then, as far as what is kept now tells. */
function partsOf(app: Desk["app"], { record }: Look, { slot, id }: LastRun): CallIds {
  return idsOf(app, { wire: record.spec.task, id, at: slot, isDue: true });
}
