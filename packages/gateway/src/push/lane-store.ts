/**
 * Keeps the lanes. To be called inside `Database.write`.
 *
 * A look for what is due costs what it takes, not what waits: a lane in which something is due that cannot be begun is set
 * aside until room or a place for it may be there.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { limitGiven } from "../store/limit.ts";
import { integerIn, optionalIntegerIn, optionalTextIn, type Row, textIn } from "../store/row.ts";
import { isFreeLane, type Lane } from "./lane.ts";
import { createLaneOpener, type LaneOpener } from "./lane-opener.ts";
import { hasBegun } from "./message-state.ts";

/** The lanes, for those who put messages in and take them out. Instants are milliseconds since 1970. */
export interface LaneStore extends LaneOpener {
  /** A message of a lane that is there waits for its next delivery, until then. */
  expect(lane: string, due: number): void;
  /** At most so many lanes that are not paused and in which something may be due; first the one that has waited longest. */
  due(now: number, most: number): readonly WaitingLane[];
  /** When, after `now`, something may be due in another. */
  next(now: number): number | undefined;
  /** The hosts at which lanes wait for a place; first the one where one has waited longest. */
  crowded(): readonly string[];
  /** The lane that has waited longest for a place at a host. */
  waitingAt(host: string): WaitingLane | undefined;
  /** Records what a look has found. */
  looked(lane: WaitingLane, found: Prospect): void;
  /** After a delivery has ended, whatever came of it: what waits for room in these lanes may go on. */
  ended(lanes: Iterable<string>): void;
  /** After limits were changed, or what waits has gone: what was set aside in these lanes may go on. */
  release(lanes: Iterable<string>): void;
  /** When what waits in a lane is due first. */
  firstIn(lane: string): number | undefined;
  /** When, after `now`, the next retry of a queue's lane is due: it has its room already. */
  nextRetry(lane: string, now: number): number | undefined;
  /** How many messages of a queue's lane have been begun. */
  busy(lane: string): number;
  /** Looks in all lanes for what is due first. */
  recover(): void;
}

/** What is to be expected of a lane, and how much of its rate is used. */
export interface Prospect {
  /** Before it nothing can be begun, but for what is set aside; never, when absent. */
  readonly first: number | undefined;
  /** What is due and has to wait: for room in the lane (`''`), or for a place at this host. */
  readonly held: string | undefined;
  /** Since when it waits. */
  readonly since: number | undefined;
  readonly windowStart: number;
  readonly windowCount: number;
}

/** A lane in which something may be due. */
export interface WaitingLane extends Lane, Prospect {}

/** Creates the store over tables that exist. */
export function createLaneStore(database: Database): LaneStore {
  return { ...createLaneOpener(database), ...createWaiting(database), ...createRelease(database), ...counts(database) };
}

function createWaiting(
  database: Database,
): Pick<LaneStore, "expect" | "due" | "next" | "crowded" | "waitingAt" | "looked"> {
  // What is retried in a queue has its room; elsewhere it joins what is set aside.
  const expect = database.prepare(
    "UPDATE lane SET first = ?2 WHERE name = ?1 AND (first IS NULL OR first > ?2) AND (held IS NULL OR kind = 'queue')",
  );
  const due = database.prepare(`SELECT * FROM lane WHERE first <= ? AND NOT paused ORDER BY first ${limitGiven}`);
  const next = database.prepare("SELECT MIN(first) AS next FROM lane WHERE first > ? AND NOT paused");
  // From one host to the next one in the index: there may be very many lanes for each.
  const crowded = database.prepare(`
    WITH RECURSIVE crowded(host) AS (
      SELECT MIN(held) FROM lane WHERE held > '' AND NOT paused
      UNION ALL
      SELECT (SELECT MIN(held) FROM lane WHERE held > crowded.host AND held > '' AND NOT paused)
        FROM crowded WHERE host IS NOT NULL)
    SELECT host FROM crowded WHERE host IS NOT NULL
      ORDER BY (SELECT MIN(since) FROM lane WHERE held = crowded.host AND held > '' AND NOT paused)`);
  const waitingAt = database.prepare(
    "SELECT * FROM lane WHERE held = ? AND held > '' AND NOT paused ORDER BY since LIMIT 1",
  );
  const update = database.prepare(
    "UPDATE lane SET first = ?, held = ?, since = ?, window_start = ?, window_count = ? WHERE name = ?",
  );

  return {
    expect: (lane, at) => void expect.run(lane, at),
    due: (now, most) => due.all(now, most).map(waitingLaneOf),
    next: (now) => optionalIntegerIn(next.get(now) ?? { next: null }, "next"),
    crowded: () => crowded.all().map((row) => textIn(row, "host")),
    waitingAt(host) {
      const row = waitingAt.get(host);
      return row === undefined ? undefined : waitingLaneOf(row);
    },
    looked(lane, { first, held, since, windowStart, windowCount }) {
      const isSame = first === lane.first && held === lane.held && since === lane.since;
      if (isSame && windowStart === lane.windowStart && windowCount === lane.windowCount) return;
      update.run(first ?? null, held ?? null, since ?? null, windowStart, windowCount, lane.name);
    },
  };
}

function createRelease(database: Database): Pick<LaneStore, "ended" | "release" | "recover"> {
  const waiting = database.prepare(
    "UPDATE lane SET first = since, held = NULL, since = NULL WHERE name = ? AND held = '' AND parallelism IS NOT NULL",
  );
  const recover = `
    UPDATE lane SET held = NULL, since = NULL,
      first = (SELECT MIN(due) FROM message WHERE message.lane = lane.name AND due IS NOT NULL)`;
  const one = database.prepare(`${recover} WHERE name = ?`);

  return {
    ended(lanes) {
      for (const lane of lanes) if (!isFreeLane(lane)) waiting.run(lane);
    },
    release(lanes) {
      for (const lane of lanes) one.run(lane);
    },
    recover: () => void database.prepare(recover).run(),
  };
}

function counts(database: Database): Pick<LaneStore, "firstIn" | "nextRetry" | "busy"> {
  const firstDue = database.prepare("SELECT MIN(due) AS first FROM message WHERE lane = ? AND due IS NOT NULL");
  const nextRetry = database.prepare(
    `SELECT MIN(due) AS next FROM message INDEXED BY message_begun WHERE lane = ? AND due > ? AND ${hasBegun}`,
  );
  const busy = database.prepare(`
    SELECT COUNT(*) AS busy FROM (
      SELECT id FROM message WHERE lane = ?1 AND ${hasBegun}
      UNION SELECT source FROM message WHERE held_lane = ?1)`);

  return {
    firstIn: (lane) => optionalIntegerIn(firstDue.get(lane) ?? { first: null }, "first"),
    nextRetry: (lane, now) => optionalIntegerIn(nextRetry.get(lane, now) ?? { next: null }, "next"),
    busy: (lane) => integerIn(busy.get(lane) ?? {}, "busy"),
  };
}

function waitingLaneOf(row: Row): WaitingLane {
  return {
    name: textIn(row, "name"),
    parallelism: optionalIntegerIn(row, "parallelism"),
    rate: optionalIntegerIn(row, "rate"),
    period: integerIn(row, "period"),
    windowStart: integerIn(row, "window_start"),
    windowCount: integerIn(row, "window_count"),
    first: optionalIntegerIn(row, "first"),
    held: optionalTextIn(row, "held"),
    since: optionalIntegerIn(row, "since"),
  };
}
