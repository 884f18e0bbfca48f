/**
 * Commands on sets. Members come in the order of their bytes.
 *
 * @module
 */

import type { Reply } from "../engine.ts";
import { bufferIn } from "./columns.ts";
import { atLeast, type CommandTable, exactly } from "./command-table.ts";
import type { Keyspace } from "./keyspace.ts";

/** The commands on sets. */
export function setCommands(keyspace: Keyspace): CommandTable {
  const select = keyspace.prepare("SELECT member FROM redis_set WHERE key = ? ORDER BY member");
  const selectOne = keyspace.prepare("SELECT 1 FROM redis_set WHERE key = ? AND member = ?");
  const insert = keyspace.prepare("INSERT INTO redis_set (key, member) VALUES (?, ?) ON CONFLICT DO NOTHING");
  const remove = keyspace.prepare("DELETE FROM redis_set WHERE key = ? AND member = ?");

  function add(key: Buffer, members: readonly Buffer[]): Reply {
    const entry = keyspace.stored(keyspace.ensure(key, "set"));
    const created = members.reduce((sum, member) => sum + Number(insert.run(entry.id, member).changes), 0);
    keyspace.resize(entry, entry.size + created);
    return created;
  }

  function take(key: Buffer, members: readonly Buffer[]): Reply {
    const entry = keyspace.expect(key, "set");
    if (!entry) return 0;
    const removed = members.reduce((sum, member) => sum + Number(remove.run(entry.id, member).changes), 0);
    keyspace.resize(entry, entry.size - removed);
    return removed;
  }

  function all(key: Buffer): Reply {
    const entry = keyspace.expect(key, "set");
    return entry ? select.all(entry.id).map((row) => bufferIn(row, "member")) : [];
  }

  return {
    sadd: atLeast(2, ([key, ...added]) => add(key, added)),
    srem: atLeast(2, ([key, ...removed]) => take(key, removed)),
    smembers: exactly(1, ([key]) => all(key)),
    sismember: exactly(2, ([key, member]) => {
      const entry = keyspace.expect(key, "set");
      return entry && selectOne.get(entry.id, member) ? 1 : 0;
    }),
    scard: exactly(1, ([key]) => keyspace.expect(key, "set")?.size ?? 0),
  };
}
