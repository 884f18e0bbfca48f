/**
 * Takes the messages whose time has come, as far as their lanes have room. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { createLaneLook, type LookParts } from "./lane-look.ts";
import type { LaneStore, WaitingLane } from "./lane-store.ts";
import type { Message } from "./message.ts";
import { createPlaces, type Places } from "./places.ts";

/** What to deliver now, and when to look again: milliseconds since 1970, `undefined` when nothing waits for a time. */
export interface Claim {
  readonly messages: readonly Message[];
  readonly next: number | undefined;
  /** Whether lanes may wait for places at hosts: to be given to the next claim, once this one is committed. */
  readonly crowded: boolean;
}

/**
 * Takes at most `capacity` messages that are due, from the lane first that has waited longest. They are ACTIVE then.
 * `crowded` is what the last claim said; true, for the first.
 */
export type ClaimDue = (now: number, capacity: number, crowded: boolean) => Claim;

/** Most lanes that one claim looks at: a server that looks at all that there may be does nothing else meanwhile. */
const mostLooks = 300;

/** Creates the claim over tables that exist. */
export function createClaim(database: Database, parts: LookParts): ClaimDue {
  const { lanes, open } = parts;
  const look = createLaneLook(database, parts);

  return (now, capacity, crowded) => {
    const messages: Message[] = [];
    if (capacity <= 0) return { messages, next: undefined, crowded };
    const places = createPlaces(capacity, open.byHost());
    let isCrowded = false;
    let looks = 0;

    for (const lane of lanesToLookAt(lanes, { now, crowded, places })) {
      const { taken, isParked } = look(lane, places, now);
      messages.push(...taken);
      isCrowded ||= isParked;
      looks += 1;
      if (looks === mostLooks) return { messages, next: now, crowded: true };
    }
    return { messages, next: lanes.next(now), crowded: isCrowded || (crowded && lanes.crowded().length > 0) };
  };
}

interface Search {
  readonly now: number;
  readonly crowded: boolean;
  readonly places: Places;
}

/** Lanes in which something may be begun, as long as places are left; the end of a delivery looks again. */
function* lanesToLookAt(lanes: LaneStore, search: Search): Generator<WaitingLane> {
  if (search.crowded) yield* parkedLanes(lanes, search);
  yield* dueLanes(lanes, search);
}

/** Lanes that waited for a place where there is one now. Each look takes it, or sends the lane elsewhere. */
function* parkedLanes(lanes: LaneStore, { places }: Search): Generator<WaitingLane> {
  for (const host of lanes.crowded()) {
    while (places.isFree(host)) {
      const lane = lanes.waitingAt(host);
      if (lane === undefined) break;
      yield lane;
    }
  }
}

/** Lanes whose time has come, each once: one without a place at its host may still be due. */
function* dueLanes(lanes: LaneStore, { now, places }: Search): Generator<WaitingLane> {
  const seen = new Set<string>();
  for (;;) {
    const most = places.free() + seen.size;
    const page = lanes.due(now, most);
    const unseen = page.filter(({ name }) => !seen.has(name));
    for (const lane of unseen) {
      if (places.free() === 0) return;
      seen.add(lane.name);
      yield lane;
    }
    if (unseen.length === 0 || page.length < most) return;
  }
}
