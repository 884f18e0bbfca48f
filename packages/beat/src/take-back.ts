/**
 * Takes back what was sent by rules that hold no more: of any number of entries at once, in parts.
 *
 * A part is one call of the store, one of the broker, and one in which it is kept what is taken back, however many entries it is
 * of. So whoever is cut off repeats one part at most.
 *
 * @module
 */

import { idsOf } from "@umbel/core";
import type { EntryChange } from "@umbel/protocol";
import { changeAll } from "./change-all.ts";
import { cutsOf } from "./cuts.ts";
import type { Desk } from "./desk.ts";
import { changeTo } from "./entry-change.ts";
import type { Unsettled } from "./look.ts";
import type { PlannedEntry } from "./planned-entry.ts";
import { oldSlots } from "./old-slots.ts";
import { recallOf, settled, takenUpTo, type UnsettledRecord } from "./revision.ts";

/** An entry whose old revision's runs are to be taken back. */
export interface Recall extends Unsettled {
  /** As it is in code, where that is known. */
  readonly entry?: PlannedEntry | undefined;
  /** Whether only the code elsewhere knows what there is: what is known is taken back, and a tick there does the rest. */
  readonly isElsewhere?: boolean;
}

/** What a part came to. */
export interface PartTaken {
  /** The store's clock. */
  readonly now: number;
  /** What is still to be taken back, in order. */
  readonly left: readonly Recall[];
  /** Names of the entries of which all is. */
  readonly done: readonly string[];
  /** Of which it cannot be told what is to be taken back, and why. */
  readonly failed: readonly { readonly name: string; readonly error: unknown }[];
}

/** Ids in one call, and so in a part where a slot has few: no request gets too large by them. */
const mostIds = 1000;
/** Entries in a part. */
const mostEntries = 500;

/**
 * Takes a part of it back, and keeps what is. `now` is the store's clock, read not long ago: what begins within two seconds of it
 * stays as it is. Throws `BackendUnavailable`, and what revoking throws.
 */
export async function takePartBack(desk: Desk, recalls: readonly Recall[], now: number): Promise<PartTaken> {
  const { steps, failed, rest } = await partOf(desk, recalls, now);
  const ids = steps.flatMap((step) => step.ids);
  for (let nth = 0; nth < ids.length; nth += mostIds) await desk.app.revoke(ids.slice(nth, nth + mostIds));
  const moves = steps.flatMap((step) => (step.recall.isElsewhere === true ? [] : [moveOf(desk, step, now)]));
  if (moves.length === 0) return { now, left: rest, done: [], failed };
  const answer = await changeAll(
    desk,
    moves.map(({ change }) => change),
  );
  // Where somebody else was first it is another entry by now: the next tick looks at it.
  const kept = moves.filter((_, nth) => answer.applied[nth] === true);
  return {
    now: answer.now,
    left: [...kept.flatMap(({ left }) => left ?? []), ...rest],
    done: kept.flatMap(({ left, change: { name } }) => (left === undefined ? [name] : [])),
    failed,
  };
}

/** What is to be done for an entry in a part. */
interface Step {
  readonly recall: Recall;
  readonly cut: number;
  readonly ids: readonly string[];
  /** Up to here its slots are taken back then; absent: all. */
  readonly upTo?: number;
}

interface Part extends Pick<PartTaken, "failed"> {
  readonly steps: readonly Step[];
  readonly rest: readonly Recall[];
}

async function partOf(desk: Desk, recalls: readonly Recall[], now: number): Promise<Part> {
  const [steps, failed]: [Step[], PartTaken["failed"][number][]] = [[], []];
  const most = recalls.slice(0, mostEntries);
  const cuts = await cutsOf(desk, most, now);
  let [room, seen] = [mostIds, 0];
  for (const recall of most) {
    if (room <= 0) break;
    seen += 1;
    try {
      const step = stepOf(desk, recall, { cut: cuts.get(recall) ?? now, room });
      steps.push(step);
      room -= step.ids.length;
    } catch (error) {
      failed.push({ name: recall.stored.name, error });
    }
  }
  return { steps, failed, rest: recalls.slice(seen) };
}

/** Of thousands that wait as many as there is room for. An edit that only moves an entry on is one step: it has few. */
function stepOf({ app }: Desk, recall: Recall, { cut, room }: { readonly cut: number; readonly room: number }): Step {
  const { stored, record } = recall;
  const { old } = record;
  const { idOf } = recallOf({ app }, { name: stored.name, record });
  const ids: string[] = [];
  let upTo: number | undefined;
  for (const slot of oldSlots({ app }, recall, cut)) {
    if (upTo !== undefined && ids.length >= room && old.waiting === true) return { recall, cut, ids, upTo };
    ids.push(...idsOf(app, { wire: old.spec.task, id: idOf(slot), at: slot, isDue: false }).first);
    upTo = slot;
  }
  return { recall, cut, ids };
}

/** A change, and what is left to be taken back after it. */
interface Move {
  readonly change: EntryChange;
  readonly left?: Recall;
}

function moveOf(desk: Desk, { recall, cut, upTo }: Step, now: number): Move {
  const { stored, record: before } = recall;
  const kept = { name: stored.name, record: before };
  if (upTo === undefined) {
    return {
      change: changeTo(desk, { name: stored.name, stored }, { record: settled(desk, kept, { now, cut }), now }),
    };
  }
  const record: UnsettledRecord = takenUpTo(desk, kept, { now, cut, upTo });
  const change = changeTo(desk, { name: stored.name, stored }, { record, now });
  const { entry } = change;
  return entry === undefined
    ? { change }
    : { change, left: { ...recall, stored: { name: stored.name, ...entry }, record } };
}
