/**
 * Takes the messages whose time has come, as far as their lanes have room. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { integerIn, textIn } from "../store/row.ts";
import { isQueueLane, roomIn, windowEnd } from "./lane.ts";
import type { LaneStore, OpenLane } from "./lane-store.ts";
import type { Message } from "./message.ts";
import { hasBegun } from "./message-state.ts";
import type { MessageStore } from "./message-store.ts";

/** What to deliver now, and when to look again: milliseconds since 1970, `undefined` when nothing waits for a time. */
export interface Claim {
  readonly messages: readonly Message[];
  readonly next: number | undefined;
}

/** Takes at most `capacity` messages that are due, the longest due first. They are ACTIVE then. */
export type ClaimDue = (now: number, capacity: number) => Claim;

/** Creates the claim over tables that exist. */
export function createClaim(
  database: Database,
  { lanes, messages }: { lanes: LaneStore; messages: MessageStore },
): ClaimDue {
  const candidatesOf = createCandidates(database, lanes);

  return (now, capacity) => {
    if (capacity <= 0) return { messages: [], next: undefined };
    const waiting = lanes.waiting(now);
    const ready = waiting.filter((lane) => lane.ready);
    const candidates = ready.flatMap((lane) => candidatesOf(lane, now, capacity));
    candidates.sort((a, b) => a.due - b.due || a.seq - b.seq);
    const chosen = candidates.slice(0, capacity);
    for (const { lane } of chosen) lanes.count(lane, now);

    return { messages: chosen.flatMap(({ id }) => messages.active(id) ?? []), next: nextInstant(waiting, now) };
  };
}

interface Candidate {
  readonly id: string;
  readonly lane: string;
  readonly due: number;
  readonly seq: number;
}

function createCandidates(
  database: Database,
  lanes: LaneStore,
): (lane: OpenLane, now: number, capacity: number) => readonly Candidate[] {
  const select = "SELECT id, lane, due, seq FROM message";
  const order = "ORDER BY due, seq LIMIT ?";
  const any = database.prepare(`${select} WHERE lane = ? AND due <= ? ${order}`);
  const fresh = database.prepare(`${select} WHERE lane = ? AND due <= ? AND state = 'CREATED' ${order}`);
  // By this index, because few have begun and many may be due.
  const begun = database.prepare(
    `${select} INDEXED BY message_begun WHERE lane = ? AND due <= ? AND ${hasBegun} ${order}`,
  );

  return (lane, now, capacity) => {
    const room = Math.min(capacity, roomIn(lane, lanes.busy(lane.name), now));
    // In a queue a message that waits for its retry has its place already.
    const rows = isQueueLane(lane.name)
      ? [...begun.all(lane.name, now, capacity), ...fresh.all(lane.name, now, room)]
      : any.all(lane.name, now, room);
    return rows.map((row) => ({
      id: textIn(row, "id"),
      lane: textIn(row, "lane"),
      due: integerIn(row, "due"),
      seq: integerIn(row, "seq"),
    }));
  };
}

/** What a full lane or too little capacity holds back needs no instant: the end of a delivery looks again. */
function nextInstant(lanes: readonly OpenLane[], now: number): number | undefined {
  const instants = lanes.flatMap((lane) => [lane.next ?? Infinity, ...nextWindow(lane, now)]);
  const earliest = Math.min(...instants);
  return earliest === Infinity ? undefined : earliest;
}

function nextWindow(lane: OpenLane, now: number): readonly number[] {
  if (!lane.ready || lane.rate === undefined) return [];
  const end = windowEnd(lane);
  return [end > now ? end : now + lane.period];
}
