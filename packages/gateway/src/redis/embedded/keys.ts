/**
 * Commands on keys of any type: to be there, to go, to be found.
 *
 * @module
 */

import { CommandError, type Reply } from "../engine.ts";
import { glob } from "../glob.ts";
import { integerOf, optionsOf, syntaxError } from "./arguments.ts";
import { atLeast, type CommandTable, exactly, ok } from "./command-table.ts";
import type { Keyspace, NamedEntry } from "./keyspace.ts";

/** The commands on keys, but for those on their life (`expiry.ts`). */
export function keyCommands(keyspace: Keyspace): CommandTable {
  const removal = atLeast(1, (keys) => remove(keyspace, keys));
  const flush = atLeast(0, (args) => flushAll(keyspace, args));

  return {
    del: removal,
    unlink: removal,
    exists: atLeast(1, (keys) => keys.filter((key) => keyspace.find(key)).length),
    type: exactly(1, ([key]) => Buffer.from(keyspace.find(key)?.type ?? "none")),
    keys: exactly(1, ([pattern]) => keysLike(keyspace, pattern)),
    scan: atLeast(1, ([cursor, ...options]) => scan(keyspace, cursor, options)),
    dbsize: exactly(0, () => keyspace.count()),
    flushdb: flush,
    flushall: flush,
  };
}

function remove(keyspace: Keyspace, keys: readonly Buffer[]): Reply {
  let removed = 0;
  for (const key of keys) {
    const entry = keyspace.find(key);
    if (!entry) continue;
    keyspace.remove(entry);
    removed += 1;
  }
  return removed;
}

function flushAll(keyspace: Keyspace, args: readonly Buffer[]): Reply {
  if (args.length > 1) throw syntaxError();
  optionsOf(args, { flags: ["ASYNC", "SYNC"] });
  keyspace.removeAll();
  return ok;
}

function keysLike(keyspace: Keyspace, pattern: Buffer): Reply {
  const matches = glob(pattern);
  return keyspace
    .list(0, -1)
    .filter(({ name }) => matches(name))
    .map(({ name }) => name);
}

/** The cursor is the id of the last key looked at: ids never change, so what is there all the time is always found. */
function scan(keyspace: Keyspace, cursor: Buffer, args: readonly Buffer[]): Reply {
  const after = integerOf(cursor, "ERR invalid cursor");
  if (after < 0) throw new CommandError("ERR invalid cursor");
  const options = optionsOf(args, { values: ["MATCH", "COUNT", "TYPE"] });
  const count = integerOf(options.get("COUNT") ?? Buffer.from("10"));
  if (count < 1) throw syntaxError();

  const page = keyspace.list(after, count);
  const last = page.length < count ? 0 : (page.at(-1)?.id ?? 0);
  const found = page.filter(filterOf(options)).map(({ name }) => name);
  return [Buffer.from(String(last)), found];
}

function filterOf(options: ReadonlyMap<string, Buffer>): (entry: NamedEntry) => boolean {
  const matches = glob(options.get("MATCH") ?? Buffer.from("*"));
  const type = options.get("TYPE")?.toString().toLowerCase();
  return (entry) => matches(entry.name) && (type === undefined || entry.type === type);
}
