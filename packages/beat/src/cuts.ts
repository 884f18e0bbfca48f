/**
 * Up to which slot each of some old revisions holds, where it is taken back.
 *
 * That follows from the clock alone, but for an edit that is finished late: what was due since may have run, or may have been taken
 * back by somebody who was cut off. The runs themselves say which, where their results are kept.
 *
 * @module
 */

import { idsOf } from "@umbel/core";
import type { ResultMeta } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { type OldEntry, slotsOf } from "./old-slots.ts";
import { cutAt, heldUpTo, isLate, mayHaveRun, recallOf } from "./revision.ts";

/** Results in one read. */
const mostIds = 1000;

/** They hold up to here. Throws `BackendUnavailable`. */
export async function cutsOf<Each extends OldEntry>(
  desk: Desk,
  entries: readonly Each[],
  now: number,
): Promise<ReadonlyMap<Each, number>> {
  const doubts = entries.map((each) => doubtsOf(desk, each, now));
  const metas = await metasOf(
    desk,
    doubts.flatMap((slots) => slots.flatMap(({ ids }) => ids)),
  );
  return new Map(entries.map((each, nth) => [each, cutOf(each, { now, slots: doubts[nth] ?? [], metas })]));
}

/** A slot of which the clock does not say whether it ran, and what it starts. */
interface Doubt {
  readonly slot: number;
  readonly ids: readonly string[];
}

function doubtsOf({ app }: Desk, each: OldEntry, now: number): readonly Doubt[] {
  const { stored, record } = each;
  const { old } = record;
  if (old.waiting === true || !isLate(old, now)) return [];
  const { idOf } = recallOf({ app }, { name: stored.name, record });
  try {
    return Array.from(slotsOf(each, { from: heldUpTo(record), to: mayHaveRun(record, now) }), (slot) => {
      return { slot, ids: idsOf(app, { wire: old.spec.task, id: idOf(slot), at: slot, isDue: false }).first };
    });
  } catch {
    return []; // Whoever takes it back is told.
  }
}

async function metasOf({ app }: Desk, ids: readonly string[]): Promise<ReadonlyMap<string, ResultMeta>> {
  const found = new Map<string, ResultMeta>();
  for (let nth = 0; nth < ids.length; nth += mostIds) {
    const part = ids.slice(nth, nth + mostIds);
    const metas = await app.backend.read(part);
    for (const [index, meta] of metas.entries()) {
      const id = part[index];
      if (meta !== undefined && id !== undefined) found.set(id, meta);
    }
  }
  return found;
}

interface Found {
  readonly now: number;
  readonly slots: readonly Doubt[];
  readonly metas: ReadonlyMap<string, ResultMeta>;
}

/** All that was taken back was so from one slot on: from the first that was revoked, with none behind it that has run. */
function cutOf({ record }: OldEntry, { now, slots, metas }: Found): number {
  const states = slots.map(({ slot, ids }) => {
    const known = ids.flatMap((id) => metas.get(id)?.status ?? []);
    return { slot, known, isTaken: known.length === ids.length && known.every((status) => status === "REVOKED") };
  });
  const ran = states.findLastIndex(({ known, isTaken }) => known.length > 0 && !isTaken);
  const taken = states.slice(ran + 1).find(({ isTaken }) => isTaken);
  return taken === undefined ? cutAt(record, now, states[ran]?.slot) : taken.slot - 1;
}
