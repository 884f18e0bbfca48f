/**
 * Keeps the lanes. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { integerIn, optionalIntegerIn, type Row, textIn } from "../store/row.ts";
import { type Lane, laneOf } from "./lane.ts";
import type { Draft } from "./message.ts";
import { hasBegun } from "./message-state.ts";

/** The lanes, for those who put messages in and take them out. Instants are milliseconds since 1970. */
export interface LaneStore {
  /** Makes the lane of a message that is due then, if need be, and returns its name. The newest message's limits become its key's. */
  open(draft: Draft, due: number, now: number): string;
  /** Expects something to be due in a lane that is there. */
  expect(lane: string, due: number): void;
  /** Lanes that are not paused and in which something may be due; first the one that has waited longest. */
  due(now: number): readonly DueLane[];
  /** When, after `now`, something may be due in another. */
  next(now: number): number | undefined;
  /** After what was due in a lane has been taken as far as it could be: `from` is when its limits let it go on. */
  taken(lane: DueLane, from: number): void;
  /** After what waited in some lanes has gone. */
  left(lanes: Iterable<string>): void;
  /** When, after `now`, the next retry of a queue's lane is due: what waits behind it has to wait, so `next` knows nothing of it. */
  nextRetry(lane: string, now: number): number | undefined;
  /** How many messages of a queue's lane have been begun. */
  busy(lane: string): number;
  /** Counts deliveries for the rate of their lane. */
  count(lane: string, deliveries: number, now: number): void;
  /** Looks in all lanes for what is due first. */
  recover(): void;
}

/** A lane in which something may be due. */
export interface DueLane extends Lane {
  /** Before it nothing is. */
  readonly first: number;
}

/** Milliseconds between two looks for lanes that nobody uses any more. */
const sweepInterval = 60_000;

/** Creates the store over tables that exist. */
export function createLaneStore(database: Database): LaneStore {
  const due = database.prepare("SELECT * FROM lane WHERE first <= ? AND NOT paused ORDER BY first");
  const next = database.prepare("SELECT MIN(first) AS next FROM lane WHERE first > ? AND NOT paused");
  const earlier = database.prepare("UPDATE lane SET first = ?2 WHERE name = ?1 AND (first IS NULL OR first > ?2)");
  const firstDue = database.prepare("SELECT MIN(due) AS first FROM message WHERE lane = ? AND due IS NOT NULL");
  const nextRetry = database.prepare(
    `SELECT MIN(due) AS next FROM message INDEXED BY message_begun WHERE lane = ? AND due > ? AND ${hasBegun}`,
  );
  const update = database.prepare("UPDATE lane SET first = ?2 WHERE name = ?1");
  const busy = database.prepare(`
    SELECT COUNT(*) AS busy FROM (
      SELECT id FROM message WHERE lane = ?1 AND ${hasBegun}
      UNION SELECT source FROM message WHERE held_lane = ?1)`);
  const count = database.prepare(`
    UPDATE lane SET
      window_count = CASE WHEN window_start + period <= ?3 THEN ?2 ELSE window_count + ?2 END,
      window_start = CASE WHEN window_start + period <= ?3 THEN ?3 ELSE window_start END
    WHERE name = ?1 AND rate IS NOT NULL`);

  function firstIn(lane: string): number | undefined {
    return optionalIntegerIn(firstDue.get(lane) ?? { first: null }, "first");
  }

  return {
    open: createOpen(database),
    expect: (lane, at) => void earlier.run(lane, at),
    due: (now) => due.all(now).map(dueLaneOf),
    next: (now) => optionalIntegerIn(next.get(now) ?? { next: null }, "next"),
    nextRetry: (lane, now) => optionalIntegerIn(nextRetry.get(lane, now) ?? { next: null }, "next"),
    taken(lane, from) {
      const earliest = firstIn(lane.name);
      const first = earliest === undefined ? null : Math.max(earliest, from);
      if (first !== lane.first) update.run(lane.name, first);
    },
    left(names) {
      for (const name of names) update.run(name, firstIn(name) ?? null);
    },
    busy: (lane) => integerIn(busy.get(lane) ?? {}, "busy"),
    count: (lane, deliveries, now) => void (deliveries > 0 && count.run(lane, deliveries, now)),
    recover: () => void database.prepare(recover).run(),
  };
}

const recover = `
  UPDATE lane SET first = (SELECT MIN(due) FROM message WHERE message.lane = lane.name AND due IS NOT NULL)`;

function createOpen(database: Database): LaneStore["open"] {
  // Whatever limits a lane has, something is due in it now.
  const earliest = "first = MIN(COALESCE(first, excluded.first), excluded.first)";
  const insert = `
    INSERT INTO lane (name, kind, parallelism, first, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
    ON CONFLICT DO UPDATE SET ${earliest} WHERE first IS NULL OR first > excluded.first`;
  const upsertPlain = database.prepare(insert);
  const upsertFlow = database.prepare(`
    INSERT INTO lane (name, kind, parallelism, rate, period, first, created_at, updated_at)
    VALUES (?1, 'flow', ?2, ?3, ?4, ?5, ?6, ?6)
    ON CONFLICT DO UPDATE SET
      parallelism = excluded.parallelism, rate = excluded.rate, period = excluded.period, updated_at = excluded.updated_at, ${earliest}`);
  const sweep = createSweep(database);

  return (draft, due, now) => {
    const name = laneOf(draft);
    if (draft.queue !== undefined) {
      upsertPlain.run(name, "queue", 1, due, now);
      return name;
    }
    sweep(now);
    if (draft.flow === undefined) upsertPlain.run(name, "free", null, due, now);
    else {
      const { parallelism = null, rate = null, period = 1 } = draft.flow;
      upsertFlow.run(name, parallelism, rate, Math.round(period * 1000), due, now);
    }
    return name;
  };
}

/** Hosts and keys are of the publishers' making and may be many: those that limit nothing any more go, now and then. */
function createSweep(database: Database): (now: number) => void {
  const sweep = database.prepare(`
    DELETE FROM lane WHERE kind <> 'queue' AND window_start + period <= ?
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.lane = lane.name AND due IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.lane = lane.name AND ${hasBegun})`);
  let next = 0;

  return (now) => {
    if (now < next) return;
    next = now + sweepInterval;
    sweep.run(now);
  };
}

function dueLaneOf(row: Row): DueLane {
  return {
    name: textIn(row, "name"),
    parallelism: optionalIntegerIn(row, "parallelism"),
    rate: optionalIntegerIn(row, "rate"),
    period: integerIn(row, "period"),
    windowStart: integerIn(row, "window_start"),
    windowCount: integerIn(row, "window_count"),
    first: integerIn(row, "first"),
  };
}
