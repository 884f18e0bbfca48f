/**
 * The workers that are online, as the store knows them.
 *
 * @module
 */

import { type Announcement, decodeAnnouncement, type SeenWorker } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { isHousekeeping } from "./housekeeping.ts";
import { readEach, tellUnread } from "./unread.ts";
import { isAsked, type Whom } from "./whom.ts";

/** A worker that is online. */
export interface Node {
  readonly name: string;
  readonly announced: Announcement;
  /** Until when it counts as online: milliseconds since 1970. */
  readonly until: number;
  /** How many it has begun of each task since it came online. */
  readonly totals: Readonly<Record<string, number>>;
}

/** The workers that are online and asked, in the order of their names. Throws `BackendUnavailable`. */
export async function nodesOf(desk: Desk, whom: Whom = {}): Promise<readonly Node[]> {
  const asked = isAsked(whom);
  const seen = await desk.store().workers();
  const { items, unread } = await readEach(
    seen.filter(({ worker }) => asked(worker)),
    nodeOf,
  );
  tellUnread(desk, unread, "the workers that are online");
  return items.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** Throws `InvalidMessageError`. */
export function nodeOf({ worker, text, until, totals }: SeenWorker): Node {
  const shown = Object.entries(totals).filter(([task]) => !isHousekeeping(task));
  return { name: worker, announced: decodeAnnouncement(text), until, totals: Object.fromEntries(shown) };
}

/** The names of those that answer for what all share: every worker that is asked, else the store. */
export function namesOf(desk: Desk, nodes: readonly Node[], whom: Whom = {}): readonly string[] {
  if (nodes.length > 0) return nodes.map(({ name }) => name);
  const own = storeNode(desk);
  const isAnybody = whom.destination === undefined && whom.pattern === undefined;
  return isAnybody || isAsked(whom)(own) ? [own] : [];
}

/** Who answers for what all share while no worker is online. */
function storeNode({ app }: Desk): string {
  return `store@${app.name}`;
}
