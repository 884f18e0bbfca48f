/**
 * The keys: what type each has, how large it is, and when it goes.
 *
 * What has expired is never seen: a key that is found expired is deleted on the spot, and the rest is swept in bulk now
 * and then, while there is traffic. There is no timer, so an idle engine costs nothing.
 *
 * @module
 */

import type { StatementSync } from "node:sqlite";

import type { Database } from "../../store/database.ts";
import { integerIn, optionalIntegerIn, type Row, textIn } from "../../store/row.ts";
import { CommandError } from "../engine.ts";
import { bufferIn, countIn } from "./columns.ts";
import { schema } from "./schema.ts";

/** What a key can hold. The names are those that TYPE answers. */
type KeyType = "string" | "hash" | "list" | "set" | "zset" | "stream";

/** A key that is there. */
export interface Entry {
  readonly id: number;
  readonly type: string;
  /** Elements of a collection; 0 for a string. */
  readonly size: number;
  /** Milliseconds since 1970; undefined: never. */
  readonly expires: number | undefined;
}

/** The keys, and the clock that their life is measured with. */
export interface Keyspace {
  prepare(sql: string): StatementSync;
  /** Milliseconds since 1970; stands still while a request is executed. */
  now(): number;
  /** The key of this name, whatever its type. */
  find(name: Buffer): Entry | undefined;
  /** The key of this name; throws `CommandError` WRONGTYPE when it holds something else. */
  expect(name: Buffer, type: KeyType): Entry | undefined;
  /** The key of this name, made when it is not there. Give it a size next: a collection never stands empty. */
  ensure(name: Buffer, type: KeyType): Entry;
  /** Sets a collection's size; at 0 the key goes. */
  resize(entry: Entry, size: number): void;
  /** Sets when a key goes; undefined: never. */
  expire(entry: Entry, at: number | undefined): void;
  remove(entry: Entry): void;
  removeAll(): void;
  /** Live keys with an id beyond `after`, in the order of their ids; ids never change. */
  list(after: number, limit: number): readonly NamedEntry[];
  count(): number;
}

/** A key with its name. */
export interface NamedEntry {
  readonly id: number;
  readonly name: Buffer;
  readonly type: string;
}

/** Opens the keys in a database, making the tables if they are not there. */
export function openKeyspace(database: Database, now: () => number): Keyspace {
  database.migrate("redis", schema);
  const statements = prepareAll(database);

  function find(name: Buffer): Entry | undefined {
    const row = statements.find.get(name);
    if (!row) return undefined;

    const entry = entryOf(row);
    if (entry.expires === undefined || entry.expires > now()) return entry;
    statements.remove.run(entry.id);
    return undefined;
  }

  function expect(name: Buffer, type: KeyType): Entry | undefined {
    const entry = find(name);
    if (entry && entry.type !== type) {
      throw new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
    }
    return entry;
  }

  return {
    prepare: (sql) => database.prepare(sql),
    now,
    find,
    expect,
    ensure(name, type) {
      const present = expect(name, type);
      if (present) return present;
      const { lastInsertRowid } = statements.create.run(name, type);
      return { id: Number(lastInsertRowid), type, size: 0, expires: undefined };
    },
    resize({ id, size: before }, size) {
      if (size === 0) statements.remove.run(id);
      else if (size !== before) statements.resize.run(size, id);
    },
    expire: ({ id }, at) => void statements.expire.run(at ?? null, id),
    remove: ({ id }) => void statements.remove.run(id),
    removeAll: () => void statements.removeAll.run(),
    list: (after, limit) => statements.list.all(after, now(), limit).map(namedEntryOf),
    count: () => countIn(statements.count.get(now())),
  };
}

type Statements = Readonly<Record<"find" | "create" | "resize" | "expire" | "remove", StatementSync>> &
  Readonly<Record<"removeAll" | "list" | "count", StatementSync>>;

function prepareAll(database: Database): Statements {
  const live = "(expires IS NULL OR expires > ?)";
  return {
    find: database.prepare("SELECT id, type, size, expires FROM redis_key WHERE name = ?"),
    create: database.prepare("INSERT INTO redis_key (name, type, size) VALUES (?, ?, 0)"),
    resize: database.prepare("UPDATE redis_key SET size = ? WHERE id = ?"),
    expire: database.prepare("UPDATE redis_key SET expires = ? WHERE id = ?"),
    remove: database.prepare("DELETE FROM redis_key WHERE id = ?"),
    removeAll: database.prepare("DELETE FROM redis_key"),
    list: database.prepare(`SELECT id, name, type FROM redis_key WHERE id > ? AND ${live} ORDER BY id LIMIT ?`),
    count: database.prepare(`SELECT count(*) AS count FROM redis_key WHERE ${live}`),
  };
}

function entryOf(row: Row): Entry {
  return {
    id: integerIn(row, "id"),
    type: textIn(row, "type"),
    size: integerIn(row, "size"),
    expires: optionalIntegerIn(row, "expires"),
  };
}

function namedEntryOf(row: Row): NamedEntry {
  return { id: integerIn(row, "id"), name: bufferIn(row, "name"), type: textIn(row, "type") };
}
