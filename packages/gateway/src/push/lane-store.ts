/**
 * Keeps the lanes. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { integerIn, optionalIntegerIn, type Row, textIn } from "../store/row.ts";
import { isQueueLane, type Lane, laneOf } from "./lane.ts";
import type { Draft } from "./message.ts";
import { hasBegun } from "./message-state.ts";

/** A lane that is not paused and in which messages wait. */
export interface OpenLane extends Lane {
  /** Whether one of them is due. */
  readonly ready: boolean;
  /** When the next of the others is due: milliseconds since 1970. */
  readonly next: number | undefined;
}

/** The lanes, for those who put messages in and take them out. */
export interface LaneStore {
  /** Makes the lane of a message if need be, and returns its name. The newest message's limits become its key's. */
  open(draft: Draft, now: number): string;
  /** Lanes with something to do, now or later. */
  waiting(now: number): readonly OpenLane[];
  /** How many messages of a lane have been begun. */
  busy(lane: string): number;
  /** Counts a delivery for the rate of its lane. */
  count(lane: string, now: number): void;
}

/** Creates the store over tables that exist. */
export function createLaneStore(database: Database): LaneStore {
  const waiting = database.prepare(`
    SELECT *,
      EXISTS (SELECT 1 FROM message WHERE message.lane = lane.name AND due <= ?1) AS ready,
      (SELECT MIN(due) FROM message WHERE message.lane = lane.name AND due > ?1) AS next
    FROM lane WHERE NOT paused AND (ready OR next IS NOT NULL)`);
  const count = database.prepare(`
    UPDATE lane SET
      window_count = CASE WHEN window_start + period <= ?2 THEN 1 ELSE window_count + 1 END,
      window_start = CASE WHEN window_start + period <= ?2 THEN ?2 ELSE window_start END
    WHERE name = ?1 AND rate IS NOT NULL`);

  return {
    open: createOpen(database),
    waiting: (now) => waiting.all(now).map(openLaneOf),
    busy: createBusy(database),
    count: (lane, now) => void count.run(lane, now),
  };
}

function createOpen(database: Database): LaneStore["open"] {
  const insertQueue = database.prepare(`
    INSERT INTO lane (name, kind, parallelism, created_at, updated_at) VALUES (?, 'queue', 1, ?2, ?2)
    ON CONFLICT DO NOTHING`);
  const updateFlow = database.prepare(
    "UPDATE lane SET parallelism = ?2, rate = ?3, period = ?4, updated_at = ?5 WHERE name = ?1",
  );
  const insertFlow = database.prepare(`
    INSERT INTO lane (name, kind, parallelism, rate, period, created_at, updated_at) VALUES (?1, 'flow', ?2, ?3, ?4, ?5, ?5)`);
  const sweepFlows = database.prepare(`
    DELETE FROM lane WHERE kind = 'flow' AND window_start + period <= ?
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.lane = lane.name AND due IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.lane = lane.name AND ${hasBegun})`);

  return (draft, now) => {
    const name = laneOf(draft);
    if (draft.queue !== undefined) insertQueue.run(name, now);
    else if (draft.flow !== undefined) {
      const { parallelism = null, rate = null, period = 1 } = draft.flow;
      const values = [name, parallelism, rate, Math.round(period * 1000), now] as const;
      if (updateFlow.run(...values).changes === 1) return name;
      // Keys are of the publishers' making and may be many: those that limit nothing any more go when another comes.
      sweepFlows.run(now);
      insertFlow.run(...values);
    }
    return name;
  };
}

function createBusy(database: Database): LaneStore["busy"] {
  const inFlow = database.prepare(
    `SELECT COUNT(*) AS busy FROM message WHERE lane = ? AND ${hasBegun} AND due IS NULL`,
  );
  const inQueue = database.prepare(`
    SELECT COUNT(*) AS busy FROM (
      SELECT id FROM message WHERE lane = ?1 AND ${hasBegun}
      UNION SELECT source FROM message WHERE held_lane = ?1 AND state <> 'FAILED')`);

  return (lane) => {
    if (lane === "") return 0;
    const row = (isQueueLane(lane) ? inQueue : inFlow).get(lane);
    return row === undefined ? 0 : integerIn(row, "busy");
  };
}

function openLaneOf(row: Row): OpenLane {
  return {
    name: textIn(row, "name"),
    parallelism: optionalIntegerIn(row, "parallelism"),
    rate: optionalIntegerIn(row, "rate"),
    period: integerIn(row, "period"),
    windowStart: integerIn(row, "window_start"),
    windowCount: integerIn(row, "window_count"),
    ready: integerIn(row, "ready") === 1,
    next: optionalIntegerIn(row, "next"),
  };
}
