/**
 * Takes the messages whose time has come, as far as their lanes have room. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { textIn } from "../store/row.ts";
import { begunIn, isQueueLane, roomIn, windowEnd } from "./lane.ts";
import type { DueLane, LaneStore } from "./lane-store.ts";
import type { Message } from "./message.ts";
import { hasBegun } from "./message-state.ts";
import type { MessageStore } from "./message-store.ts";
import type { OpenDeliveries } from "./open-deliveries.ts";
import { createPlaces, type Places } from "./places.ts";

/** What to deliver now, and when to look again: milliseconds since 1970, `undefined` when nothing waits for a time. */
export interface Claim {
  readonly messages: readonly Message[];
  readonly next: number | undefined;
}

/** Takes at most `capacity` messages that are due, from the lane first that has waited longest. They are ACTIVE then. */
export type ClaimDue = (now: number, capacity: number) => Claim;

/** What a claim looks at. */
export interface ClaimParts {
  readonly lanes: LaneStore;
  readonly messages: MessageStore;
  readonly open: OpenDeliveries;
}

/** Creates the claim over tables that exist. */
export function createClaim(database: Database, { lanes, messages, open }: ClaimParts): ClaimDue {
  const candidatesOf = createCandidates(database);

  function takeFrom(lane: DueLane, places: Places, now: number): readonly Message[] {
    const room = roomIn(lane, busyIn(lane), now);
    const taken: Message[] = [];
    for (const { id, host } of candidatesOf(lane.name, { now, room, most: places.free() })) {
      const message = places.take(host) ? messages.active(id) : undefined;
      if (message !== undefined) taken.push(message);
      // In a queue those behind it must not overtake it.
      else if (isQueueLane(lane.name)) break;
    }
    lanes.count(lane.name, taken.length, now);
    lanes.taken(lane, rateInstant(lane, taken.length, now));
    return taken;
  }

  function busyIn({ name, parallelism }: DueLane): number {
    if (parallelism === undefined) return 0;
    return isQueueLane(name) ? lanes.busy(name) : open.inLane(name);
  }

  return (now, capacity) => {
    const claimed: Message[] = [];
    if (capacity <= 0) return { messages: claimed, next: undefined };
    const places = createPlaces(capacity, open.byHost());
    let next = Infinity;
    for (const lane of lanes.due(now)) {
      // The end of a delivery looks again.
      if (places.free() === 0) break;
      claimed.push(...takeFrom(lane, places, now));
      if (isQueueLane(lane.name)) next = Math.min(next, lanes.nextRetry(lane.name, now) ?? Infinity);
    }
    next = Math.min(next, lanes.next(now) ?? Infinity);
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

/** When a lane whose rate is used up may go on; the past for others: what its parallelism holds back needs no instant. */
function rateInstant(lane: DueLane, taken: number, now: number): number {
  if (lane.rate === undefined || begunIn(lane, now) + taken < lane.rate) return 0;
  return now < windowEnd(lane) ? windowEnd(lane) : now + lane.period;
}
