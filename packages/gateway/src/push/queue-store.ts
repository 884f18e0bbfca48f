/**
 * Keeps the queues. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { integerIn, type Row, textIn } from "../store/row.ts";
import { inQueue } from "./filter.ts";
import { queueLane } from "./lane.ts";
import type { LaneStore } from "./lane-store.ts";
import { hasBegun } from "./message-state.ts";
import type { MessageStore } from "./message-store.ts";

/** A queue as QStash shows it; instants in milliseconds since 1970. */
export interface Queue {
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Most messages begun at once. */
  readonly parallelism: number;
  readonly paused: boolean;
  /** Messages that have not ended. */
  readonly lag: number;
}

/** What a queue is to be from now on; it stays paused, or goes on, when nothing is said of that. */
export interface QueueChange extends Pick<Queue, "name" | "parallelism"> {
  readonly paused?: boolean;
}

/** The queues, for those who manage them. */
export interface QueueStore {
  upsert(queue: QueueChange, now: number): void;
  find(name: string): Queue | undefined;
  list(): readonly Queue[];
  /** Whether there is such a queue. */
  pause(name: string, paused: boolean, now: number): boolean;
  /** Deletes the queue and cancels what is in it, in one work: of many messages, what can be is cancelled before. Whether there was one. */
  remove(name: string): boolean;
}

/** What the queues stand on. */
export interface QueueParts {
  readonly lanes: LaneStore;
  readonly messages: Pick<MessageStore, "cancelAll">;
}

/** Creates the store over tables that exist. */
export function createQueueStore(database: Database, { lanes, messages }: QueueParts): QueueStore {
  const upsert = database.prepare(`
    INSERT INTO lane (name, kind, parallelism, paused, created_at, updated_at) VALUES (?1, 'queue', ?2, COALESCE(?3, 0), ?4, ?4)
    ON CONFLICT DO UPDATE SET parallelism = excluded.parallelism, paused = COALESCE(?3, paused), updated_at = excluded.updated_at`);
  const select = `
    SELECT *, substr(name, ${queueLane("").length + 1}) AS queue,
      (SELECT COUNT(*) FROM message WHERE message.lane = lane.name AND due IS NOT NULL)
        + (SELECT COUNT(*) FROM message WHERE message.lane = lane.name AND ${hasBegun} AND due IS NULL) AS lag
    FROM lane WHERE kind = 'queue'`;
  const find = database.prepare(`${select} AND name = ?`);
  const list = database.prepare(`${select} ORDER BY name`);
  const pause = database.prepare("UPDATE lane SET paused = ?, updated_at = ? WHERE name = ?");
  const remove = database.prepare("DELETE FROM lane WHERE name = ?");

  return {
    upsert({ name, parallelism, paused }, now) {
      upsert.run(queueLane(name), parallelism, paused === undefined ? null : Number(paused), now);
      lanes.release([queueLane(name)]);
    },
    find(name) {
      const row = find.get(queueLane(name));
      return row === undefined ? undefined : queueIn(row);
    },
    list: () => list.all().map(queueIn),
    pause(name, paused, now) {
      lanes.release([queueLane(name)]);
      return pause.run(Number(paused), now, queueLane(name)).changes === 1;
    },
    remove(name) {
      messages.cancelAll(inQueue(name));
      return remove.run(queueLane(name)).changes === 1;
    },
  };
}

function queueIn(row: Row): Queue {
  return {
    name: textIn(row, "queue"),
    createdAt: integerIn(row, "created_at"),
    updatedAt: integerIn(row, "updated_at"),
    parallelism: integerIn(row, "parallelism"),
    paused: integerIn(row, "paused") === 1,
    lag: integerIn(row, "lag"),
  };
}
