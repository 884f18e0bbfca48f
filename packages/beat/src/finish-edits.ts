/**
 * Finishes edits that were cut off: what was sent ahead by rules that hold no more is taken back.
 *
 * @module
 */

import { changeAll } from "./change-all.ts";
import { beatLogger, type Desk } from "./desk.ts";
import { changeTo } from "./entry-change.ts";
import type { Plan, Unsettled } from "./look.ts";
import { reasonOf } from "./reason.ts";
import { settled, takeBack } from "./revision.ts";

/** Finishes them, and says of how many. What goes wrong with one of them is tried again by the next tick. Throws `BackendUnavailable`. */
export async function finishEdits(
  desk: Desk,
  plan: Plan,
  { unsettled, now }: { readonly unsettled: readonly Unsettled[]; readonly now: number },
): Promise<number> {
  const done: Unsettled[] = [];
  for (const each of unsettled) {
    const { name } = each.stored;
    try {
      await takeBack(desk, { name, record: each.record, entry: plan.get(name) });
      done.push(each);
    } catch (error) {
      desk.app.logger({ logger: beatLogger }).error(`${name}: what was sent is not taken back yet: ${reasonOf(error)}`);
    }
  }
  if (done.length === 0) return 0;
  const changes = done.map(({ stored, record }) => {
    const { name } = stored;
    return changeTo(desk, { name, stored }, { record: settled(desk, { name, record }, now), now });
  });
  await changeAll(desk, changes);
  return done.length;
}
