/**
 * Takes what can be begun in one lane, and says what is to be expected of it then. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { limitGiven } from "../store/limit.ts";
import { type Row, textIn } from "../store/row.ts";
import { begunIn, freeHost, isFreeLane, isQueueLane, roomIn, windowEnd } from "./lane.ts";
import type { LaneStore, Prospect, WaitingLane } from "./lane-store.ts";
import type { Message } from "./message.ts";
import { hasBegun } from "./message-state.ts";
import type { MessageStore } from "./message-store.ts";
import type { OpenDeliveries } from "./open-deliveries.ts";
import type { Places } from "./places.ts";

/** What a look is made with. */
export interface LookParts {
  readonly lanes: LaneStore;
  readonly messages: MessageStore;
  readonly open: OpenDeliveries;
}

/** What came of a look. */
export interface Look {
  /** ACTIVE now. */
  readonly taken: readonly Message[];
  /** Whether the lane waits for a place at a host from now on. */
  readonly isParked: boolean;
}

/** Looks at a lane; `now` is in milliseconds since 1970. */
export type LaneLook = (lane: WaitingLane, places: Places, now: number) => Look;

/** Creates the look over tables that exist. */
export function createLaneLook(database: Database, { lanes, messages, open }: LookParts): LaneLook {
  const candidatesOf = createCandidates(database);

  function busyIn({ name, parallelism }: WaitingLane): number {
    if (parallelism === undefined) return 0;
    return isQueueLane(name) ? lanes.busy(name) : open.inLane(name);
  }

  return (lane, places, now) => {
    const room = roomIn(lane, busyIn(lane), now);
    // Fewer than what was begun, when the parallelism has been lowered.
    const repeats = Math.max(0, (lane.parallelism ?? Infinity) - open.inLane(lane.name));
    const taken: Message[] = [];
    let crowdedHost: string | undefined;
    let begun = 0;
    // Those of a host that are too many for it are not read: they may be thousands, at each end of a delivery.
    const hostOfAll = freeHost(lane.name);
    const most = hostOfAll === undefined ? places.free() : places.freeFor(hostOfAll);
    for (const { id, host, takesRoom } of candidatesOf(lane.name, { now, room, repeats, most })) {
      const message = places.take(host) ? messages.active(id) : undefined;
      if (message === undefined) {
        // Those behind it must not overtake it.
        crowdedHost = host;
        break;
      }
      taken.push(message);
      if (takesRoom) begun += 1;
    }
    const found = { room: room - begun, crowdedHost };
    const prospect = prospectOf(lanes, { ...lane, ...windowAfter(lane, taken.length, now), ...found }, now);
    lanes.looked(lane, prospect);
    return { taken, isParked: prospect.held !== undefined && prospect.held !== "" };
  };
}

interface Candidate {
  readonly id: string;
  readonly host: string;
  /** A message of a queue that waits for its retry has its room already. */
  readonly takesRoom: boolean;
}

interface Wanted {
  readonly now: number;
  /** Most messages that are to be begun. */
  readonly room: number;
  /** Most messages of a queue that have been begun and are to be sent again. */
  readonly repeats: number;
  /** Most messages in all. */
  readonly most: number;
}

function createCandidates(database: Database): (lane: string, wanted: Wanted) => readonly Candidate[] {
  const select = "SELECT id, host FROM message";
  const order = `ORDER BY due, seq ${limitGiven}`;
  const any = database.prepare(`${select} WHERE lane = ? AND due <= ? ${order}`);
  const fresh = database.prepare(`${select} WHERE lane = ? AND due <= ? AND state = 'CREATED' ${order}`);
  // By this index, because few have begun and many may be due.
  const begun = database.prepare(
    `${select} INDEXED BY message_begun WHERE lane = ? AND due <= ? AND ${hasBegun} ${order}`,
  );

  return (lane, { now, room, repeats, most }) => {
    const limit = Math.min(room, most);
    if (!isQueueLane(lane)) return any.all(lane, now, limit).map((row) => candidateIn(row, true));
    const again = begun.all(lane, now, Math.min(repeats, most)).map((row) => candidateIn(row, false));
    return [...again, ...fresh.all(lane, now, limit).map((row) => candidateIn(row, true))];
  };
}

function candidateIn(row: Row, takesRoom: boolean): Candidate {
  return { id: textIn(row, "id"), host: textIn(row, "host"), takesRoom };
}

/** The window of a lane's rate, with what has been begun now. A window begins with its first delivery. */
function windowAfter(lane: WaitingLane, taken: number, now: number): Pick<Prospect, "windowStart" | "windowCount"> {
  const { windowStart, windowCount } = lane;
  if (lane.rate === undefined || taken === 0) return { windowStart, windowCount };
  return { windowStart: now < windowEnd(lane) ? windowStart : now, windowCount: begunIn(lane, now) + taken };
}

interface Found extends WaitingLane {
  /** How many more could be begun, but for their time and place. */
  readonly room: number;
  /** The host at which the next one got no place. */
  readonly crowdedHost: string | undefined;
}

function prospectOf(lanes: LaneStore, lane: Found, now: number): Prospect {
  const { name, windowStart, windowCount, room, crowdedHost } = lane;
  const window = { windowStart, windowCount };
  const since = lanes.firstIn(name);
  const free = { first: since, held: undefined, since: undefined, ...window };
  // The one lane of a host can as well be looked at again.
  if (since === undefined || since > now || isFreeLane(name)) return free;
  const retry = isQueueLane(name) ? lanes.nextRetry(name, now) : undefined;
  if (crowdedHost !== undefined) return { first: retry, held: crowdedHost, since, ...window };
  if (room > 0) return free;
  const isRateUsed = lane.rate !== undefined && begunIn(lane, now) >= lane.rate;
  return { first: isRateUsed ? windowEnd(lane) : retry, held: "", since, ...window };
}
