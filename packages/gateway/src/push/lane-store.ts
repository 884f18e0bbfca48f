/**
 * Keeps the lanes. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { integerIn, optionalIntegerIn, type Row, textIn } from "../store/row.ts";
import { isQueueLane, type Lane, laneOf } from "./lane.ts";
import type { Draft } from "./message.ts";
import { hasBegun, isOpen } from "./message-state.ts";

/** A lane that is not paused and in which messages wait. Instants are milliseconds since 1970. */
export interface WaitingLane extends Lane {
  /** When the first of them is due, or was. */
  readonly first: number;
  /** When the next is due that is not due yet. */
  readonly next: number | undefined;
}

/** The lanes, for those who put messages in and take them out. */
export interface LaneStore {
  /** Makes the lane of a message if need be, and returns its name. The newest message's limits become its key's. */
  open(draft: Draft, now: number): string;
  /** Lanes with something to do, now or later; first the one that has waited longest. */
  waiting(now: number): readonly WaitingLane[];
  /** How many messages of a lane have been begun. */
  busy(lane: string): number;
  /** How many deliveries each host has open. */
  openByHost(): Map<string, number>;
  /** Counts deliveries for the rate of their lane. */
  count(lane: string, deliveries: number, now: number): void;
}

/** Milliseconds between two looks for lanes that nobody uses any more. */
const sweepInterval = 60_000;

/** Creates the store over tables that exist. */
export function createLaneStore(database: Database): LaneStore {
  const waiting = database.prepare(`
    WITH head AS MATERIALIZED (
      SELECT *, (SELECT MIN(due) FROM message WHERE message.lane = lane.name AND due IS NOT NULL) AS first FROM lane WHERE NOT paused)
    SELECT *, CASE WHEN first > ?1 THEN first ELSE (SELECT MIN(due) FROM message WHERE message.lane = head.name AND due > ?1) END AS next
    FROM head WHERE first IS NOT NULL ORDER BY first`);
  const openByHost = database.prepare(`SELECT host, COUNT(*) AS open FROM message WHERE ${isOpen} GROUP BY host`);
  const count = database.prepare(`
    UPDATE lane SET
      window_count = CASE WHEN window_start + period <= ?3 THEN ?2 ELSE window_count + ?2 END,
      window_start = CASE WHEN window_start + period <= ?3 THEN ?3 ELSE window_start END
    WHERE name = ?1 AND rate IS NOT NULL`);

  return {
    open: createOpen(database),
    waiting: (now) => waiting.all(now).map(waitingLaneOf),
    busy: createBusy(database),
    openByHost: () => new Map(openByHost.all().map((row) => [textIn(row, "host"), integerIn(row, "open")])),
    count: (lane, deliveries, now) => void (deliveries > 0 && count.run(lane, deliveries, now)),
  };
}

function createOpen(database: Database): LaneStore["open"] {
  const insertQueue = database.prepare(`
    INSERT INTO lane (name, kind, parallelism, created_at, updated_at) VALUES (?1, 'queue', 1, ?2, ?2)
    ON CONFLICT DO NOTHING`);
  const insertFree = database.prepare(`
    INSERT INTO lane (name, kind, created_at, updated_at) VALUES (?1, 'free', ?2, ?2) ON CONFLICT DO NOTHING`);
  const upsertFlow = database.prepare(`
    INSERT INTO lane (name, kind, parallelism, rate, period, created_at, updated_at) VALUES (?1, 'flow', ?2, ?3, ?4, ?5, ?5)
    ON CONFLICT DO UPDATE SET
      parallelism = excluded.parallelism, rate = excluded.rate, period = excluded.period, updated_at = excluded.updated_at`);
  const sweep = createSweep(database);

  return (draft, now) => {
    const name = laneOf(draft);
    if (draft.queue !== undefined) {
      insertQueue.run(name, now);
      return name;
    }
    sweep(now);
    if (draft.flow === undefined) insertFree.run(name, now);
    else {
      const { parallelism = null, rate = null, period = 1 } = draft.flow;
      upsertFlow.run(name, parallelism, rate, Math.round(period * 1000), now);
    }
    return name;
  };
}

/** Hosts and keys are of the publishers' making and may be many: those that limit nothing any more go, now and then. */
function createSweep(database: Database): (now: number) => void {
  const sweep = database.prepare(`
    DELETE FROM lane WHERE kind <> 'queue' AND window_start + period <= ?
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.lane = lane.name AND due IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.lane = lane.name AND ${isOpen})`);
  let next = 0;

  return (now) => {
    if (now < next) return;
    next = now + sweepInterval;
    sweep.run(now);
  };
}

function createBusy(database: Database): LaneStore["busy"] {
  const inFlow = database.prepare(`SELECT COUNT(*) AS busy FROM message WHERE lane = ? AND ${isOpen}`);
  const inQueue = database.prepare(`
    SELECT COUNT(*) AS busy FROM (
      SELECT id FROM message WHERE lane = ?1 AND ${hasBegun}
      UNION SELECT source FROM message WHERE held_lane = ?1)`);

  return (lane) => {
    const row = (isQueueLane(lane) ? inQueue : inFlow).get(lane);
    return row === undefined ? 0 : integerIn(row, "busy");
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
    first: integerIn(row, "first"),
    next: optionalIntegerIn(row, "next"),
  };
}
