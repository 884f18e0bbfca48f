/**
 * What was submitted not long ago, so that the same is not kept twice. To be called inside `Database.write`.
 *
 * What is cancelled before it was delivered is forgotten: whoever then submits the same again means it, and would be told of
 * a message that never comes. QStash may remember it for the rest of its ten minutes.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { textIn } from "../store/row.ts";
import { deduplicationWindow } from "./deduplication.ts";

/** Messages by their deduplication keys. Instants are milliseconds since 1970. */
export interface Submissions {
  /** The id of the message that has this key. */
  find(key: string | undefined, now: number): string | undefined;
  /** Keeps the key of a message that is created `now`. */
  remember(key: string | undefined, id: string, now: number): void;
  /** Of messages that were cancelled. */
  forget(cancelled: readonly Cancelled[]): void;
}

/** A message that was cancelled, and when it was created. */
interface Cancelled {
  readonly id: string;
  readonly createdAt: number;
}

/** Milliseconds between two looks for keys whose time is over. */
const pruneInterval = 1000;

/** Creates the store over tables that exist. */
export function createSubmissions(database: Database): Submissions {
  const prune = database.prepare("DELETE FROM deduplication WHERE expires <= ?");
  const find = database.prepare("SELECT message_id FROM deduplication WHERE key = ? AND expires > ?");
  const insert = database.prepare("INSERT OR REPLACE INTO deduplication VALUES (?, ?, ?)");
  // A key ends so long after its message was created: that finds it by the index that there is.
  const forget = database.prepare(
    "DELETE FROM deduplication WHERE expires = ? AND message_id IN (SELECT value FROM json_each(?))",
  );
  let next = 0;

  return {
    find(key, now) {
      if (key === undefined) return undefined;
      const row = find.get(key, now);
      return row === undefined ? undefined : textIn(row, "message_id");
    },
    remember(key, id, now) {
      if (key === undefined) return;
      if (now >= next) {
        next = now + pruneInterval;
        prune.run(now);
      }
      insert.run(key, id, now + deduplicationWindow);
    },
    forget(cancelled) {
      const idsAt = new Map<number, string[]>();
      for (const { id, createdAt } of cancelled) {
        const ids = idsAt.get(createdAt);
        if (ids === undefined) idsAt.set(createdAt, [id]);
        else ids.push(id);
      }
      for (const [createdAt, ids] of idsAt) forget.run(createdAt + deduplicationWindow, JSON.stringify(ids));
    },
  };
}
