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
import type { Keyspace } from "./keyspace.ts";

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

function openHashes(keyspace: Keyspace): Hashes {
  const select = keyspace.prepare("SELECT value FROM redis_hash WHERE key = ? AND field = ?");
  const selectAll = keyspace.prepare("SELECT field, value FROM redis_hash WHERE key = ? ORDER BY field");
  const insert = keyspace.prepare("INSERT INTO redis_hash (key, field, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const update = keyspace.prepare("UPDATE redis_hash SET value = ? WHERE key = ? AND field = ?");
  const remove = keyspace.prepare("DELETE FROM redis_hash WHERE key = ? AND field = ?");

  return {
    get(key, field) {
      const entry = keyspace.expect(key, "hash");
      return (entry && valueIn(select.get(entry.id, field))) ?? undefined;
    },
    all(key) {
      const entry = keyspace.expect(key, "hash");
      const rows = entry ? selectAll.all(entry.id) : [];
      return rows.map((row) => [bufferIn(row, "field"), bufferIn(row, "value")] as const);
    },
    some(key, fields) {
      const entry = keyspace.expect(key, "hash");
      return fields.map((field) => (entry ? valueIn(select.get(entry.id, field)) : null));
    },
    put(key, fields) {
      const entry = keyspace.ensure(key, "hash");
      let created = 0;
      for (const [field, value] of fields) {
        // A field of a new hash is new, unless the command has it twice.
        if (entry.size > 0 && Number(update.run(value, entry.id, field).changes) > 0) continue;
        if (Number(insert.run(entry.id, field, value).changes) > 0) created += 1;
        else update.run(value, entry.id, field);
      }
      keyspace.resize(entry, entry.size + created);
      return created;
    },
    remove(key, fields) {
      const entry = keyspace.expect(key, "hash");
      if (!entry) return 0;
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
