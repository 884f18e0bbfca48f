/**
 * Makes the lanes of messages that come in, and forgets those that nobody uses any more. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { textIn } from "../store/row.ts";
import { laneOf } from "./lane.ts";
import type { Draft } from "./message.ts";
import { hasBegun } from "./message-state.ts";

/** Where messages get their lane. */
export interface LaneOpener {
  /**
   * Makes the lane of a message that is due then, if need be, and returns its name. The newest message's limits become its
   * key's, unless they are pinned. Instants are milliseconds since 1970.
   */
  open(draft: Draft, due: number, now: number): string;
}

/** Creates it over tables that exist. */
export function createLaneOpener(database: Database): LaneOpener {
  const plain = createPlain(database);
  const flow = createFlow(database);
  const sweep = createSweep(database);

  return {
    open(draft, due, now) {
      const name = laneOf(draft);
      if (draft.queue !== undefined) plain.run(name, "queue", 1, due, now);
      else {
        sweep(now);
        const { parallelism = null, rate = null, period = 1 } = draft.flow ?? {};
        if (draft.flow === undefined) plain.run(name, "free", null, due, now);
        else flow.run(name, parallelism, rate, Math.round(period * 1000), due, now);
      }
      return name;
    },
  };
}

/** When the lane has something due, as it had before: what is set aside is not helped by one more that waits. */
const earliest = "MIN(COALESCE(first, excluded.first), excluded.first)";

function createPlain(database: Database) {
  return database.prepare(`
    INSERT INTO lane (name, kind, parallelism, first, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
    ON CONFLICT DO UPDATE SET first = ${earliest} WHERE held IS NULL AND (first IS NULL OR first > excluded.first)`);
}

function createFlow(database: Database) {
  const parallelism = "CASE WHEN pinned_parallelism THEN parallelism ELSE excluded.parallelism END";
  const [rate, period] = ["rate", "period"].map(
    (each) => `CASE WHEN pinned_rate THEN ${each} ELSE excluded.${each} END`,
  );
  const isChanged = `(parallelism IS NOT ${parallelism} OR rate IS NOT ${rate} OR period IS NOT ${period})`;

  return database.prepare(`
    INSERT INTO lane (name, kind, parallelism, rate, period, first, created_at, updated_at)
    VALUES (?1, 'flow', ?2, ?3, ?4, ?5, ?6, ?6)
    ON CONFLICT DO UPDATE SET
      parallelism = ${parallelism}, rate = ${rate}, period = ${period}, updated_at = excluded.updated_at,
      first = CASE WHEN held IS NULL THEN ${earliest} WHEN ${isChanged} THEN since ELSE first END,
      since = CASE WHEN ${isChanged} THEN NULL ELSE since END,
      held = CASE WHEN ${isChanged} THEN NULL ELSE held END`);
}

/** Lanes that one look for unused ones goes through, and the milliseconds to the next look; to the next round of looks. */
const sweep = { lanes: 2000, interval: 1000, round: 60_000 };

/**
 * Hosts and keys are of the publishers' making and may be many: those that limit nothing any more go, now and then, some at
 * a time.
 */
function createSweep(database: Database): (now: number) => void {
  const end = database.prepare("SELECT name FROM lane WHERE name > ? ORDER BY name LIMIT 1 OFFSET ?");
  const forget = database.prepare(`
    DELETE FROM lane WHERE name > ?1 AND (?2 IS NULL OR name <= ?2)
      AND kind <> 'queue' AND NOT (paused OR pinned_parallelism OR pinned_rate) AND window_start + period <= ?3
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.lane = lane.name AND due IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM message WHERE message.lane = lane.name AND ${hasBegun})`);
  let next = 0;
  let last = "";

  return (now) => {
    if (now < next) return;
    const row = end.get(last, sweep.lanes - 1);
    const until = row === undefined ? null : textIn(row, "name");
    forget.run(last, until, now);
    last = until ?? "";
    next = now + (until === null ? sweep.round : sweep.interval);
  };
}
