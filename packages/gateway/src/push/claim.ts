/**
 * Takes the messages whose time has come, as far as their lanes have room. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { createLaneLook, type LookParts } from "./lane-look.ts";
import { freeHost } from "./lane.ts";
import type { LaneStore, WaitingLane } from "./lane-store.ts";
import type { Message } from "./message.ts";
import { createPlaces, type Places } from "./places.ts";

/** What to deliver now, and when to look again: milliseconds since 1970, `undefined` when nothing waits for a time. */
export interface Claim {
  readonly messages: readonly Message[];
  readonly next: number | undefined;
  /** Whether lanes may wait for places at hosts, if only a moment ago: to be given to the next claim, once this one is committed. */
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
    const hosts = crowded ? lanes.crowded() : [];
    let isCrowded = hosts.length > 0;
    let looks = 0;

    for (const lane of lanesToLookAt(lanes, { now, hosts, places })) {
      const { taken, isParked } = look(lane, places, now);
      messages.push(...taken);
      isCrowded ||= isParked;
      looks += 1;
      if (looks === mostLooks) return { messages, next: now, crowded: true };
      // The end of a delivery looks again.
      if (places.free() === 0) break;
    }
    return { messages, next: lanes.next(now), crowded: isCrowded };
  };
}

interface Search {
  readonly now: number;
  /** Where lanes wait for a place; first where one has waited longest. */
  readonly hosts: readonly string[];
  readonly places: Places;
}

/** Lanes in which something may be begun, as long as places are left. */
function* lanesToLookAt(lanes: LaneStore, search: Search): Generator<WaitingLane> {
  const due = dueLanes(lanes, search);
  if (search.hosts.length > 0) yield* inTurn(parkedLanes(lanes, search), due);
  else yield* due;
}

/**
 * First what has waited longest: were it always the ones, they could keep the others from the last place for ever. A lane
 * may come from both, a queue's; that its numbers are old then does no harm, for its room is counted at each look.
 */
function* inTurn(ones: Iterator<WaitingLane>, others: Iterator<WaitingLane>): Generator<WaitingLane> {
  let [one, other] = [ones.next(), others.next()];
  for (;;) {
    if (one.done !== true && (other.done === true || waitsSince(one.value) <= waitsSince(other.value))) {
      yield one.value;
      one = ones.next();
    } else if (other.done !== true) {
      yield other.value;
      other = others.next();
    } else return;
  }
}

function waitsSince({ since, first }: WaitingLane): number {
  return since ?? first ?? Infinity;
}

/** Lanes that waited for a place where there is one now, host by host. Each look takes it, or sends the lane elsewhere. */
function* parkedLanes(lanes: LaneStore, { hosts, places }: Search): Generator<WaitingLane> {
  for (let open = hosts; open.length > 0;) {
    const left: string[] = [];
    for (const host of open) {
      const lane = places.isFree(host) ? lanes.waitingAt(host) : undefined;
      if (lane === undefined) continue;
      left.push(host);
      yield lane;
    }
    open = left;
  }
}

/** Lanes whose time has come, each once: one without a place at its host may still be due. */
function* dueLanes(lanes: LaneStore, { now, places }: Search): Generator<WaitingLane> {
  const seen = new Set<string>();
  for (let most = places.free(); ; most *= 2) {
    const page = lanes.due(now, most);
    for (const lane of page) {
      if (seen.has(lane.name)) continue;
      seen.add(lane.name);
      const host = freeHost(lane.name);
      if (host === undefined || places.isFree(host)) yield lane;
    }
    if (page.length < most) return;
  }
}
