/**
 * The rows of keys, read and written by statements.
 *
 * @module
 */

import type { Database } from "../../store/database.ts";
import { limitGiven } from "../../store/limit.ts";
import { integerIn, optionalIntegerIn, type Row, textIn } from "../../store/row.ts";
import { bufferIn, countIn } from "./columns.ts";
import type { Entry, NamedEntry } from "./keyspace.ts";

/** Reads and writes the rows of `redis_key`. Instants are milliseconds since 1970. */
export interface KeyRows {
  find(name: string): Entry | undefined;
  /** Returns the id of the new row. */
  insert(entry: Entry): number;
  update(entry: Entry): void;
  /** Updates all but the value. */
  touch(entry: Entry): void;
  remove(id: number): void;
  removeAll(): void;
  /** Keys that live at `now`, with an id beyond `after`, in the order of their ids. */
  list(after: number, now: number, limit: number): readonly NamedEntry[];
  count(now: number): number;
}

/** Prepares the statements. */
export function prepareRows(database: Database): KeyRows {
  const live = "(expires IS NULL OR expires > ?)";
  const find = database.prepare("SELECT id, type, size, expires, value FROM redis_key WHERE name = ?");
  const insert = database.prepare("INSERT INTO redis_key (name, type, size, expires, value) VALUES (?, ?, ?, ?, ?)");
  const update = database.prepare("UPDATE redis_key SET size = ?, expires = ?, value = ? WHERE id = ?");
  const touch = database.prepare("UPDATE redis_key SET size = ?, expires = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM redis_key WHERE id = ?");
  const removeAll = database.prepare("DELETE FROM redis_key");
  const list = database.prepare(
    `SELECT id, name, type FROM redis_key WHERE id > ? AND ${live} ORDER BY id ${limitGiven}`,
  );
  const count = database.prepare(`SELECT count(*) AS count FROM redis_key WHERE ${live}`);

  return {
    find(name) {
      const row = find.get(bytesIn(name));
      return row && entryOf(name, row);
    },
    insert({ name, type, size, expires, value }) {
      return Number(insert.run(bytesIn(name), type, size, expires ?? null, value ?? null).lastInsertRowid);
    },
    update: ({ id, size, expires, value }) => void update.run(size, expires ?? null, value ?? null, id),
    touch: ({ id, size, expires }) => void touch.run(size, expires ?? null, id),
    remove: (id) => void remove.run(id),
    removeAll: () => void removeAll.run(),
    list: (after, now, limit) => list.all(after, now, limit).map(namedEntryOf),
    count: (now) => countIn(count.get(now)),
  };
}

/** The bytes of an entry's name. */
function bytesIn(name: string): Buffer {
  return Buffer.from(name, "latin1");
}

function entryOf(name: string, row: Row): Entry {
  return {
    name,
    id: integerIn(row, "id"),
    type: textIn(row, "type"),
    size: integerIn(row, "size"),
    expires: optionalIntegerIn(row, "expires"),
    value: row["value"] === null ? undefined : bufferIn(row, "value"),
  };
}

function namedEntryOf(row: Row): NamedEntry {
  return { id: integerIn(row, "id"), name: bufferIn(row, "name"), type: textIn(row, "type") };
}
