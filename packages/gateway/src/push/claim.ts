/**
 * Takes the messages whose time has come, as far as their lanes have room. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { textIn } from "../store/row.ts";
import { begunIn, isQueueLane, roomIn, windowEnd } from "./lane.ts";
import type { LaneStore, WaitingLane } from "./lane-store.ts";
import type { Message } from "./message.ts";
import { hasBegun } from "./message-state.ts";
import type { MessageStore } from "./message-store.ts";
import { createPlaces, type Places } from "./places.ts";

/** What to deliver now, and when to look again: milliseconds since 1970, `undefined` when nothing waits for a time. */
export interface Claim {
  readonly messages: readonly Message[];
  readonly next: number | undefined;
}

/** Takes at most `capacity` messages that are due, from the lane first that has waited longest. They are ACTIVE then. */
export type ClaimDue = (now: number, capacity: number) => Claim;

/** Creates the claim over tables that exist. */
export function createClaim(
  database: Database,
  { lanes, messages }: { lanes: LaneStore; messages: MessageStore },
): ClaimDue {
  const candidatesOf = createCandidates(database);

  function takeFrom(lane: WaitingLane, places: Places, now: number): readonly Message[] {
    const busy = lane.parallelism === undefined ? 0 : lanes.busy(lane.name);
    const room = roomIn(lane, busy, now);
    const taken: Message[] = [];
    for (const { id, host } of candidatesOf(lane.name, { now, room, most: places.free() })) {
      const message = places.take(host) ? messages.active(id) : undefined;
      if (message !== undefined) taken.push(message);
      // In a queue those behind it must not overtake it.
      else if (isQueueLane(lane.name)) break;
    }
    lanes.count(lane.name, taken.length, now);
    return taken;
  }

  return (now, capacity) => {
    const claimed: Message[] = [];
    if (capacity <= 0) return { messages: claimed, next: undefined };
    const places = createPlaces(capacity, lanes.openByHost());
    let next = Infinity;
    for (const lane of lanes.waiting(now)) {
      const taken = lane.first <= now && places.free() > 0 ? takeFrom(lane, places, now) : [];
      claimed.push(...taken);
      next = Math.min(next, lane.next ?? Infinity, rateInstant(lane, taken.length, now));
    }
    return { messages: claimed, next: next === Infinity ? undefined : next };
  };
}

interface Candidate {
  readonly id: string;
  readonly host: string;
}

interface Wanted {
  readonly now: number;
  /** Most messages that are to be begun. */
  readonly room: number;
  /** Most messages in all. */
  readonly most: number;
}

function createCandidates(database: Database): (lane: string, wanted: Wanted) => readonly Candidate[] {
  const select = "SELECT id, host FROM message";
  const order = "ORDER BY due, seq LIMIT ?";
  const any = database.prepare(`${select} WHERE lane = ? AND due <= ? ${order}`);
  const fresh = database.prepare(`${select} WHERE lane = ? AND due <= ? AND state = 'CREATED' ${order}`);
  // By this index, because few have begun and many may be due.
  const begun = database.prepare(
    `${select} INDEXED BY message_begun WHERE lane = ? AND due <= ? AND ${hasBegun} ${order}`,
  );

  return (lane, { now, room, most }) => {
    const limit = Math.min(room, most);
    // In a queue a message that waits for its retry has its place already.
    const rows = isQueueLane(lane)
      ? [...begun.all(lane, now, most), ...fresh.all(lane, now, limit)]
      : any.all(lane, now, limit);
    return rows.map((row) => ({ id: textIn(row, "id"), host: textIn(row, "host") }));
  };
}

/**
 * When a lane whose rate is used up may go on; `Infinity` for others: what too few places, or a lane's parallelism, hold
 * back needs no instant, because the end of a delivery looks again.
 */
function rateInstant(lane: WaitingLane, taken: number, now: number): number {
  const isUsedUp = lane.rate !== undefined && begunIn(lane, now) + taken >= lane.rate;
  if (lane.first > now || !isUsedUp) return Infinity;
  return now < windowEnd(lane) ? windowEnd(lane) : now + lane.period;
}
