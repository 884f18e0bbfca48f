/**
 * The rows of a stream's entries, those that do not stand with its key. Each is known by the id of its last entry.
 *
 * @module
 */

import { integerIn, type Row } from "../../store/row.ts";
import { bufferIn } from "./columns.ts";
import type { Keyspace } from "./keyspace.ts";
import { type StreamEntry, unpackEntries } from "./stream-entries.ts";
import { after, before, highest, lowest, type StreamId } from "./stream-id.ts";

/** Entries in rows, by the id of the stream's key. */
export interface StreamRows {
  /** The last id; the lowest when there is no row. */
  last(key: number): StreamId;
  /** Keeps entries in a row; `last` is the id of the last one. */
  insert(key: number, last: StreamId, entries: Buffer): void;
  /** Drops the oldest entries; returns how many are still to be dropped when there is no row any more. */
  drop(key: number, count: number): number;
  /** The entries from `start` on, and perhaps some before it; read as far as they are taken. */
  ascending(key: number, start: StreamId): Iterable<StreamEntry>;
  /** The entries down from `stop`, and perhaps some behind it. */
  descending(key: number, stop: StreamId): Iterable<StreamEntry>;
}

/** Opens them on the keys. */
export function openStreamRows(keyspace: Keyspace): StreamRows {
  const statements = prepareStatements(keyspace);

  return {
    last: (key) => idOf(statements.until(key, highest, 1)[0]) ?? lowest,
    insert: (key, last, entries) => statements.insert(key, last, entries),
    drop: (key, count) => drop(statements, key, count),
    *ascending(key, start) {
      for (const row of rowsUp(statements, key, start)) yield* entriesIn(row);
    },
    *descending(key, stop) {
      // What is asked for may begin within a row, which is known by a later id.
      const top = idOf(statements.from(key, stop, 1)[0]) ?? highest;
      for (const row of rowsDown(statements, key, top)) yield* entriesIn(row).toReversed();
    },
  };
}

/** Rows that are read at a time: of events about a hundred. */
const page = 16;

function* rowsUp(statements: Statements, key: number, start: StreamId): Iterable<Row> {
  for (let next: StreamId | undefined = start; next;) {
    const rows = statements.from(key, next, page);
    yield* rows;
    const last = rows.length < page ? undefined : idOf(rows.at(-1));
    next = last && after(last);
  }
}

function* rowsDown(statements: Statements, key: number, top: StreamId): Iterable<Row> {
  for (let next: StreamId | undefined = top; next;) {
    const rows = statements.until(key, next, page);
    yield* rows;
    const last = rows.length < page ? undefined : idOf(rows.at(-1));
    next = last && before(last);
  }
}

function drop(statements: Statements, key: number, count: number): number {
  let left = count;
  for (const row of rowsUp(statements, key, lowest)) {
    if (left <= 0) break;
    const size = integerIn(row, "size");
    statements.remove(row);
    if (size > left) statements.insert(key, idOf(row) ?? lowest, bytesOf(entriesIn(row).slice(left)));
    left -= size;
  }
  return Math.max(0, left);
}

function bytesOf(entries: readonly StreamEntry[]): Buffer {
  return Buffer.concat(entries.map(({ packed }) => packed));
}

function entriesIn(row: Row): readonly StreamEntry[] {
  return unpackEntries(bufferIn(row, "entries"));
}

function idOf(row: Row | undefined): StreamId | undefined {
  return row && { milliseconds: integerIn(row, "milliseconds"), sequence: integerIn(row, "sequence") };
}

interface Statements {
  insert(key: number, last: StreamId, entries: Buffer): void;
  remove(row: Row): void;
  /** Rows with an id from this one on, the oldest first. */
  from(key: number, id: StreamId, limit: number): readonly Row[];
  /** Rows with an id up to this one, the newest first. */
  until(key: number, id: StreamId, limit: number): readonly Row[];
}

function prepareStatements(keyspace: Keyspace): Statements {
  const columns = "SELECT id, milliseconds, sequence, size, entries FROM redis_stream_row WHERE key = ?";
  const from = keyspace.prepare(
    `${columns} AND (milliseconds, sequence) >= (?, ?) ORDER BY milliseconds, sequence LIMIT ?`,
  );
  const until = keyspace.prepare(
    `${columns} AND (milliseconds, sequence) <= (?, ?) ORDER BY milliseconds DESC, sequence DESC LIMIT ?`,
  );
  const insert = keyspace.prepare(
    "INSERT INTO redis_stream_row (key, milliseconds, sequence, size, entries) VALUES (?, ?, ?, ?, ?)",
  );
  const remove = keyspace.prepare("DELETE FROM redis_stream_row WHERE id = ?");

  return {
    insert(key, { milliseconds, sequence }, entries) {
      insert.run(key, milliseconds, sequence, unpackEntries(entries).length, entries);
    },
    remove: (row) => void remove.run(integerIn(row, "id")),
    from: (key, { milliseconds, sequence }, limit) => from.all(key, milliseconds, sequence, limit),
    until: (key, { milliseconds, sequence }, limit) => until.all(key, milliseconds, sequence, limit),
  };
}
