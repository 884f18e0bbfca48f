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
import { CommandError } from "../engine.ts";
import { prepareRows } from "./key-rows.ts";
import { schema } from "./schema.ts";
import { createWorkingSet, nameOf, type WorkingSet } from "./working-set.ts";

/** What a key can hold. The names are those that TYPE answers. */
type KeyType = "string" | "hash" | "list" | "set" | "zset" | "stream";

/** A key that is there, as it was when it was asked for. */
export interface Entry {
  /** Its bytes read as Latin-1: what it is looked up by. */
  readonly name: string;
  /** 0 while it is not stored yet. */
  readonly id: number;
  readonly type: string;
  /** Elements of a collection; 0 for a string. */
  readonly size: number;
  /** Milliseconds since 1970; undefined: never. */
  readonly expires: number | undefined;
  /** What is kept with the key itself. */
  readonly value: Buffer | undefined;
}

/** What of a key changes. */
type Change = Partial<Pick<Entry, "size" | "expires" | "value">>;

/**
 * The keys, and the clock that their life is measured with.
 *
 * Between `forget` and `save` each key is read once and written once, whatever happens to it meanwhile.
 */
export interface Keyspace extends Pick<WorkingSet, "find" | "stored" | "remove" | "save" | "forget" | "part"> {
  prepare(sql: string): StatementSync;
  /** Milliseconds since 1970; stands still while a request is executed. */
  now(): number;
  /** The key of this name; throws `CommandError` WRONGTYPE when it holds something else. */
  expect(name: Buffer, type: KeyType): Entry | undefined;
  /** The key of this name, made when it is not there. Give it a size or a value next: a collection never stands empty. */
  ensure(name: Buffer, type: KeyType): Entry;
  /** Returns the key as it is then. */
  change(entry: Entry, change: Change): Entry;
  /** Sets a collection's size; at 0 the key goes. */
  resize(entry: Entry, size: number): void;
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
  const rows = prepareRows(database);
  const keys = createWorkingSet(rows, now);

  function expect(name: Buffer, type: KeyType): Entry | undefined {
    const entry = keys.find(name);
    if (entry && entry.type !== type) {
      throw new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
    }
    return entry;
  }

  return {
    ...keys,
    prepare: (sql) => database.prepare(sql),
    now,
    expect,
    ensure: (name, type) =>
      expect(name, type) ??
      keys.set({ name: nameOf(name), id: 0, type, size: 0, expires: undefined, value: undefined }),
    change: (entry, change) => keys.set({ ...keys.latest(entry), ...change }),
    resize(entry, size) {
      if (size === 0) keys.remove(entry);
      else if (size !== entry.size) keys.set({ ...keys.latest(entry), size });
    },
    removeAll() {
      keys.forget();
      rows.removeAll();
    },
    list(after, limit) {
      keys.save();
      return rows.list(after, now(), limit);
    },
    count() {
      keys.save();
      return rows.count(now());
    },
  };
}
