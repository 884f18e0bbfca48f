/**
 * Lists that are given in pages.
 *
 * @module
 */

import type { Listing, ListingRequest } from "@umbel/protocol";
import { byName } from "./name-order.ts";

/** What is listed by an instant, of one instant by name. */
export interface Placed {
  readonly instant: number;
  readonly name: string;
}

/** The part that is asked for. A cursor is a place, so that what comes and goes before it moves nothing behind it. */
export function pageOf<Item extends Placed>(items: readonly Item[], { cursor, limit }: ListingRequest): Listing<Item> {
  const rest = cursor === undefined ? items : items.filter((item) => byPlace(item, placeIn(cursor)) > 0);
  const page = rest.toSorted(byPlace).slice(0, limit);
  const last = page.at(-1);
  return last && page.length < rest.length ? { items: page, cursor: `${last.instant} ${last.name}` } : { items: page };
}

function byPlace(one: Placed, other: Placed): number {
  return one.instant - other.instant || byName(one, other);
}

function placeIn(cursor: string): Placed {
  const gap = cursor.indexOf(" ");
  return { instant: Number(cursor.slice(0, gap)), name: cursor.slice(gap + 1) };
}
