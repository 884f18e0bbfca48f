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
  const life = (resultLife(app.conf).resultExpires ?? Infinity) * 1000;
  const watched = looks.flatMap((look) => {
    const { lastId, lastRun = 0 } = look.record;
    // What is not there any more has ended, or was lost: either way nobody waits for it.
    return lastId === undefined || lastRun + life <= now ? [] : [{ look, ids: partsOf(app, look, lastId) }];
  });
  if (watched.length === 0) return new Map();
  const metas = await app.backend.read(watched.flatMap(({ ids }) => ids.last));
  const ended = new Set(metas.flatMap((meta) => (meta !== undefined && isTerminal(meta.status) ? [meta.task_id] : [])));
  return new Map(watched.filter(isOpen).map(({ look, ids }) => [look, ids.all]));

  function isOpen({ ids }: Watched): boolean {
    return ids.last.some((id) => !ended.has(id));
  }
}

/**
 * Notes a run that was sent while another beat kept that it was not to be: for that one the run before it had not ended yet.
 * The next look has to mind it. Throws `BackendUnavailable`.
 */
export async function noteSent(desk: Desk, { stored: { name }, record: { revision } }: Look, run: Run): Promise<void> {
  await changeEntry(desk, name, (record) => {
    if (record?.revision !== revision || (record.lastRun ?? 0) >= run.slot) return record;
    const { count, skipped } = record;
    return { ...record, count: count + 1, skipped: Math.max(0, skipped - 1), lastRun: run.slot, lastId: run.id };
  });
}

/** Of what was sent then, as far as what is kept now tells. */
function partsOf(app: Desk["app"], { record }: Look, id: string): CallIds {
  return idsOf(app, { wire: record.spec.task, id, at: record.lastRun ?? 0, isDue: true });
}
