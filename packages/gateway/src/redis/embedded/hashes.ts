/**
 * Commands on hashes. Fields come in the order of their bytes.
 *
 * @module
 */

import type { Row } from "../../store/row.ts";
import type { Reply } from "../engine.ts";
import { added, bigintOf, pairsOf } from "./arguments.ts";
import { bufferIn } from "./columns.ts";
import { atLeast, type CommandTable, exactly, ok, wrongNumberOfArguments } from "./command-table.ts";
import type { Entry, Keyspace } from "./keyspace.ts";
import { type Fields, inOrder, pack, unpack } from "./packed-fields.ts";

/** The commands on hashes. */
export function hashCommands(keyspace: Keyspace): CommandTable {
  const hashes = openHashes(keyspace);

  return {
    hset: atLeast(3, ([key, ...fields]) => put(hashes, "hset", [key, ...fields])),
    hmset: atLeast(3, ([key, ...fields]) => {
      put(hashes, "hmset", [key, ...fields]);
      return ok;
    }),
    hsetnx: exactly(3, ([key, field, value]) => (hashes.get(key, field) ? 0 : hashes.put(key, [[field, value]]))),
    hget: exactly(2, ([key, field]) => hashes.get(key, field) ?? null),
    hmget: atLeast(2, ([key, ...fields]) => hashes.some(key, fields)),
    hgetall: exactly(1, ([key]) => hashes.all(key).flat()),
    hkeys: exactly(1, ([key]) => hashes.all(key).map(([field]) => field)),
    hvals: exactly(1, ([key]) => hashes.all(key).map(([, value]) => value)),
    hlen: exactly(1, ([key]) => keyspace.expect(key, "hash")?.size ?? 0),
    hexists: exactly(2, ([key, field]) => (hashes.get(key, field) ? 1 : 0)),
    hstrlen: exactly(2, ([key, field]) => hashes.get(key, field)?.length ?? 0),
    hdel: atLeast(2, ([key, ...fields]) => hashes.remove(key, fields)),
    hincrby: exactly(3, ([key, field, by]) => increment(hashes, [key, field], bigintOf(by))),
  };
}

interface Hashes {
  get(key: Buffer, field: Buffer): Buffer | undefined;
  all(key: Buffer): readonly (readonly [Buffer, Buffer])[];
  /** The values of some fields, null for what is not there. */
  some(key: Buffer, fields: readonly Buffer[]): readonly (Buffer | null)[];
  /** How many fields are new. */
  put(key: Buffer, fields: readonly (readonly [Buffer, Buffer])[]): number;
  /** How many fields were there. */
  remove(key: Buffer, fields: readonly Buffer[]): number;
}

/** A hash is small at first; once it has outgrown that, its fields are rows, and stay so. */
function openHashes(keyspace: Keyspace): Hashes {
  const small = smallHashes(keyspace);
  const large = largeHashes(keyspace);

  function some(key: Buffer, fields: readonly Buffer[]): readonly (Buffer | null)[] {
    const entry = keyspace.expect(key, "hash");
    if (!entry) return fields.map(() => null);
    return isSmall(entry) ? small.some(entry, fields) : large.some(entry, fields);
  }

  return {
    some,
    get: (key, field) => some(key, [field])[0] ?? undefined,
    all(key) {
      const entry = keyspace.expect(key, "hash");
      if (!entry) return [];
      return isSmall(entry) ? small.all(entry) : large.all(entry);
    },
    put(key, fields) {
      const entry = keyspace.ensure(key, "hash");
      if (!isSmall(entry)) return large.put(entry, fields);
      const created = small.put(entry, fields);
      if (created !== undefined) return created;
      return large.put(large.take(entry, small.all(entry)), fields);
    },
    remove(key, fields) {
      const entry = keyspace.expect(key, "hash");
      if (!entry) return 0;
      return isSmall(entry) ? small.remove(entry, fields) : large.remove(entry, fields);
    },
  };
}

/** A new one is small. */
function isSmall({ value, size }: Entry): boolean {
  return value !== undefined || size === 0;
}

type Pairs = readonly (readonly [field: Buffer, value: Buffer])[];

/** What can be done with the fields of a hash that is there. */
interface FieldStore<Created> {
  some(entry: Entry, fields: readonly Buffer[]): readonly (Buffer | null)[];
  all(entry: Entry): Pairs;
  put(entry: Entry, fields: Pairs): Created;
  remove(entry: Entry, fields: readonly Buffer[]): number;
}

/** Of what would be too large nothing is put. */
function smallHashes(keyspace: Keyspace): FieldStore<number | undefined> {
  return {
    some(entry, fields) {
      const present = fieldsOf(entry);
      return fields.map((field) => present.get(field.toString("latin1")) ?? null);
    },
    all: (entry) => inOrder(fieldsOf(entry)),
    put(entry, fields) {
      const present = fieldsOf(entry);
      for (const [field, value] of fields) present.set(field.toString("latin1"), value);
      const value = pack(present);
      if (value === undefined) return undefined;
      keyspace.change(entry, { value, size: present.size });
      return present.size - entry.size;
    },
    remove(entry, fields) {
      const present = fieldsOf(entry);
      const removed = fields.filter((field) => present.delete(field.toString("latin1"))).length;
      if (present.size === 0) keyspace.remove(entry);
      else if (removed > 0) keyspace.change(entry, { value: pack(present), size: present.size });
      return removed;
    },
  };
}

function fieldsOf({ value }: Entry): Fields {
  return value === undefined ? new Map() : unpack(value);
}

interface LargeHashes extends FieldStore<number> {
  /** Makes rows of the fields of a small hash. */
  take(entry: Entry, fields: Pairs): Entry;
}

function largeHashes(keyspace: Keyspace): LargeHashes {
  const select = keyspace.prepare("SELECT value FROM redis_hash WHERE key = ? AND field = ?");
  const selectAll = keyspace.prepare("SELECT field, value FROM redis_hash WHERE key = ? ORDER BY field");
  const insert = keyspace.prepare("INSERT INTO redis_hash (key, field, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const update = keyspace.prepare("UPDATE redis_hash SET value = ? WHERE key = ? AND field = ?");
  const remove = keyspace.prepare("DELETE FROM redis_hash WHERE key = ? AND field = ?");

  return {
    take(entry, fields) {
      const { id } = keyspace.stored(entry);
      for (const [field, value] of fields) insert.run(id, field, value);
      return keyspace.change(entry, { value: undefined });
    },
    some: ({ id }, fields) => fields.map((field) => valueIn(select.get(id, field))),
    all: ({ id }) => selectAll.all(id).map((row) => [bufferIn(row, "field"), bufferIn(row, "value")] as const),
    put(entry, fields) {
      let created = 0;
      for (const [field, value] of fields) {
        if (Number(update.run(value, entry.id, field).changes) > 0) continue;
        insert.run(entry.id, field, value);
        created += 1;
      }
      keyspace.resize(entry, entry.size + created);
      return created;
    },
    remove(entry, fields) {
      const removed = fields.filter((field) => remove.run(entry.id, field).changes > 0).length;
      keyspace.resize(entry, entry.size - removed);
      return removed;
    },
  };
}

function valueIn(row: Row | undefined): Buffer | null {
  return row ? bufferIn(row, "value") : null;
}

function put(hashes: Hashes, command: string, [key, ...args]: readonly [Buffer, ...Buffer[]]): number {
  const fields = pairsOf(args);
  if (!fields) throw wrongNumberOfArguments(command);
  return hashes.put(key, fields);
}

function increment(hashes: Hashes, [key, field]: readonly [Buffer, Buffer], by: bigint): Reply {
  const before = bigintOf(hashes.get(key, field) ?? Buffer.from("0"), "ERR hash value is not an integer");
  const value = added(before, by);
  hashes.put(key, [[field, Buffer.from(String(value))]]);
  return value;
}
