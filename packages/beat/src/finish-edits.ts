/**
 * Finishes edits: what was sent ahead by rules that hold no more is taken back, as much of it as one tick takes.
 *
 * @module
 */

import { beatLogger, type Desk } from "./desk.ts";
import type { Plan, Unsettled } from "./look.ts";
import { reasonOf } from "./reason.ts";
import { type Recall, takePartBack } from "./take-back.ts";

/** What became of them. */
export interface Finished {
  /** Names of those that are finished. */
  readonly names: readonly string[];
  /** Whether there is more than could be taken back. */
  readonly isMore: boolean;
  /** How many parts this tick may still take back; none after something went wrong. */
  readonly parts: number;
}

/** Finishes them, in so many parts at most. Never throws: what goes wrong is told to the log, and the next tick tries it again. */
export async function finishEdits(
  desk: Desk,
  plan: Plan,
  { unsettled, parts }: { readonly unsettled: readonly Unsettled[]; readonly parts: number },
): Promise<Finished> {
  if (unsettled.length === 0 || parts === 0) return { names: [], isMore: unsettled.length > 0, parts };
  const log = desk.app.logger({ logger: beatLogger });
  const names: string[] = [];
  let [left, rest, hasFailed] = [unsettled.map((each) => recallOf(plan, each)), parts, false];
  try {
    // The clock once more: what was sent meanwhile has taken its time.
    let { now } = await desk.store.entries({ app: desk.app.name, names: [] });
    for (; rest > 0 && left.length > 0; rest -= 1) {
      const part = await takePartBack(desk, left, now);
      for (const { name, error } of part.failed) log.error(`${name}: ${notYet}: ${reasonOf(error)}`);
      names.push(...part.done);
      hasFailed ||= part.failed.length > 0;
      [left, now] = [[...part.left], part.now];
    }
  } catch (error) {
    log.error(`${namesOf(left)}: ${notYet}: ${reasonOf(error)}`);
    return { names, isMore: false, parts: 0 };
  }
  return { names, isMore: left.length > 0, parts: hasFailed ? 0 : rest };
}

const notYet = "what was sent is not taken back yet";

function recallOf(plan: Plan, each: Unsettled): Recall {
  return { ...each, entry: plan.get(each.stored.name) };
}

function namesOf([first, ...others]: readonly Recall[]): string {
  const name = first?.stored.name ?? "";
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}
