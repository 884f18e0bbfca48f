/**
 * Changes of the directives: what was asked of all workers, and still holds.
 *
 * Two operators lose nothing of each other: a change is made from a revision, and made again when another was faster.
 *
 * @module
 */

import {
  BackendUnavailable,
  decodeDirectives,
  type Directives,
  encodeDirectives,
  type KeptDirectives,
} from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { readEach, tellUnread } from "./unread.ts";

/** What becomes of the directives. The same object: nothing is changed. It may be asked again. */
export type Edit = (directives: Directives) => Directives;

/** How often somebody else may be faster. */
const mostTries = 100;

/** What was asked for; nothing when that cannot be read. Throws `BackendUnavailable`. */
export async function directivesOf(desk: Desk): Promise<Directives> {
  return await directivesIn(desk, await desk.store().directives());
}

/** Changes the directives; returns what holds from now on. Throws `BackendUnavailable`. */
export async function changeDirectives(desk: Desk, edit: Edit): Promise<Directives> {
  const store = desk.store();
  for (let tries = 0; tries < mostTries; tries += 1) {
    const kept = await store.directives();
    const old = await directivesIn(desk, kept);
    const changed = edit(old);
    if (changed === old) return old;
    const { paused = [], drained = [] } = changed;
    const text = encodeDirectives(changed);
    const done = await store.direct({ from: kept?.revision ?? "", text, paused, drained });
    if (done !== undefined) return changed;
  }
  throw new BackendUnavailable("What workers are asked for could not be changed: others change it all the time");
}

async function directivesIn(desk: Desk, kept: KeptDirectives | undefined): Promise<Directives> {
  const { items, unread } = await readEach(kept === undefined ? [] : [kept], ({ text }) => decodeDirectives(text));
  tellUnread(desk, unread, "the directives");
  return items[0] ?? {};
}

/** The list with a value, sorted; the same list when it has it. */
export function withMember(list: readonly string[] = [], added: readonly string[]): readonly string[] {
  return added.every((each) => list.includes(each)) ? list : [...new Set([...list, ...added])].toSorted();
}

/** The list without values; the same list when it has none of them. */
export function withoutMembers(list: readonly string[] = [], removed: readonly string[]): readonly string[] {
  return list.some((each) => removed.includes(each)) ? list.filter((each) => !removed.includes(each)) : list;
}
