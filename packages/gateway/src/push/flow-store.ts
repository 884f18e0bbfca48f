/**
 * Keeps what is known of flow-control keys, for those who watch and change them. To be called inside `Database.write`.
 *
 * A key is there from its first message on until nothing of it limits anything any more: no message waits or is being
 * delivered, the window of its rate is over, and it is neither paused nor pinned.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { integerIn, optionalIntegerIn, type Row, textIn } from "../store/row.ts";
import { begunIn, flowLane } from "./lane.ts";
import type { LaneStore } from "./lane-store.ts";
import type { FlowControl } from "./message.ts";
import type { OpenDeliveries } from "./open-deliveries.ts";

/** A key as QStash shows it (qstash.md section 7). Numbers that nobody has set are 0. */
export interface Flow {
  readonly flowControlKey: string;
  /** Messages that are due and wait for room. */
  readonly waitListSize: number;
  readonly parallelismMax: number;
  /** Deliveries that are open. */
  readonly parallelismCount: number;
  readonly rateMax: number;
  /** Deliveries begun in the window that is open. */
  readonly rateCount: number;
  /** Seconds. */
  readonly ratePeriod: number;
  /** When the last window began: seconds since 1970. */
  readonly ratePeriodStart: number;
  readonly isPaused: boolean;
  readonly isPinnedParallelism: boolean;
  readonly isPinnedRate: boolean;
}

/** Limits that stay whatever messages say. */
export type Pin = Omit<FlowControl, "key">;

/** The keys. Instants are milliseconds since 1970. */
export interface FlowStore {
  find(key: string, now: number): Flow | undefined;
  /** The keys that have a text in them, all of them for an empty one, in the order of their letters. */
  list(search: string, now: number): readonly Flow[];
  /** Holds everything back, what comes later too; or no longer. A key may be paused before its first message. */
  pause(key: string, paused: boolean, now: number): void;
  /** Sets limits that messages do not change; a new window begins. */
  pin(key: string, pin: Pin, now: number): void;
  /** From the next message on messages change these limits again. */
  unpin(key: string, limits: { readonly parallelism: boolean; readonly rate: boolean }, now: number): void;
  /** Begins a new window. */
  resetRate(key: string, now: number): void;
}

/** Creates the store over tables that exist. */
export function createFlowStore(database: Database, { lanes, open }: FlowParts): FlowStore {
  const select = `
    SELECT *, substr(name, ${flowLane("").length + 1}) AS flow,
      (SELECT COUNT(*) FROM message WHERE message.lane = lane.name AND due <= ?1) AS waiting
    FROM lane WHERE kind = 'flow'`;
  const find = database.prepare(`${select} AND name = ?2`);
  const list = database.prepare(`${select} AND instr(substr(name, ${flowLane("").length + 1}), ?2) > 0 ORDER BY name`);
  return {
    find(key, now) {
      const row = find.get(now, flowLane(key));
      return row === undefined ? undefined : flowIn(row, open, now);
    },
    list: (search, now) => list.all(now, search).map((row) => flowIn(row, open, now)),
    ...createChanges(database, lanes),
  };
}

/** What the store of flow-control keys stands on. */
export interface FlowParts {
  readonly lanes: LaneStore;
  readonly open: OpenDeliveries;
}

function createChanges(database: Database, lanes: LaneStore): Omit<FlowStore, "find" | "list"> {
  const insert = `INSERT INTO lane (name, kind, created_at, updated_at, paused) VALUES (?1, 'flow', ?2, ?2, ?3)`;
  const pause = database.prepare(
    `${insert} ON CONFLICT DO UPDATE SET paused = excluded.paused, updated_at = excluded.updated_at`,
  );
  const pin = database.prepare(`
    INSERT INTO lane (name, kind, created_at, updated_at, parallelism, rate, period, pinned_parallelism, pinned_rate, window_start)
    VALUES (?1, 'flow', ?2, ?2, ?3, ?4, COALESCE(?5, 1000), ?3 IS NOT NULL, ?4 IS NOT NULL, ?2)
    ON CONFLICT DO UPDATE SET
      parallelism = COALESCE(?3, parallelism), rate = COALESCE(?4, rate),
      period = CASE WHEN ?4 IS NULL THEN period ELSE excluded.period END,
      pinned_parallelism = pinned_parallelism OR excluded.pinned_parallelism, pinned_rate = pinned_rate OR excluded.pinned_rate,
      window_start = ?2, window_count = 0, updated_at = ?2`);
  const unpin = database.prepare(`
    UPDATE lane SET pinned_parallelism = pinned_parallelism AND NOT ?2, pinned_rate = pinned_rate AND NOT ?3, updated_at = ?4
    WHERE name = ?1`);
  const reset = database.prepare("UPDATE lane SET window_start = ?2, window_count = 0 WHERE name = ?1");

  return {
    pause(key, paused, now) {
      pause.run(flowLane(key), now, Number(paused));
      lanes.release([flowLane(key)]);
    },
    pin(key, { parallelism, rate, period }, now) {
      const milliseconds = period === undefined ? null : Math.round(period * 1000);
      pin.run(flowLane(key), now, parallelism ?? null, rate ?? null, milliseconds);
      lanes.release([flowLane(key)]);
    },
    unpin: (key, { parallelism, rate }, now) => void unpin.run(flowLane(key), Number(parallelism), Number(rate), now),
    resetRate(key, now) {
      reset.run(flowLane(key), now);
      lanes.release([flowLane(key)]);
    },
  };
}

function flowIn(row: Row, open: OpenDeliveries, now: number): Flow {
  const window = {
    period: integerIn(row, "period"),
    windowStart: integerIn(row, "window_start"),
    windowCount: integerIn(row, "window_count"),
  };
  const rate = optionalIntegerIn(row, "rate") ?? 0;
  return {
    flowControlKey: textIn(row, "flow"),
    waitListSize: integerIn(row, "waiting"),
    parallelismMax: optionalIntegerIn(row, "parallelism") ?? 0,
    parallelismCount: open.inLane(textIn(row, "name")),
    rateMax: rate,
    rateCount: begunIn(window, now),
    ratePeriod: rate === 0 ? 0 : window.period / 1000,
    ratePeriodStart: Math.floor(window.windowStart / 1000),
    isPaused: integerIn(row, "paused") === 1,
    isPinnedParallelism: integerIn(row, "pinned_parallelism") === 1,
    isPinnedRate: integerIn(row, "pinned_rate") === 1,
  };
}
