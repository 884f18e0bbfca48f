/**
 * Commands on the life of keys.
 *
 * @module
 */

import { CommandError, type Reply } from "../engine.ts";
import { wordOf } from "./arguments.ts";
import { atLeast, type CommandTable, exactly, type Implementation } from "./command-table.ts";
import { deadlineOf, type DeadlineOption } from "./deadline.ts";
import type { Entry, Keyspace } from "./keyspace.ts";

/** TTL's answers for a key that is not there, and for one that stays. */
const missing = -2;
const forever = -1;

/** The commands on the life of keys. */
export function expiryCommands(keyspace: Keyspace): CommandTable {
  function expiring(command: string, option: DeadlineOption): Implementation {
    return atLeast(2, ([key, time, ...conditions]) => {
      const allowed = conditionOf(conditions);
      const at = deadlineOf(option, time, { command, now: keyspace.now() });
      const entry = keyspace.find(key);
      if (!entry || !allowed(entry.expires ?? Infinity, at)) return 0;

      if (at > keyspace.now()) keyspace.change(entry, { expires: at });
      else keyspace.remove(entry);
      return 1;
    });
  }

  function left(answer: (entry: Entry & { readonly expires: number }) => number): Implementation {
    return exactly(1, ([key]) => {
      const entry = keyspace.find(key);
      if (!entry) return missing;
      return entry.expires === undefined ? forever : answer({ ...entry, expires: entry.expires });
    });
  }

  return {
    expire: expiring("expire", "EX"),
    pexpire: expiring("pexpire", "PX"),
    expireat: expiring("expireat", "EXAT"),
    pexpireat: expiring("pexpireat", "PXAT"),
    ttl: left(({ expires }) => Math.floor((expires - keyspace.now() + 500) / 1000)),
    pttl: left(({ expires }) => expires - keyspace.now()),
    expiretime: left(({ expires }) => Math.floor((expires + 500) / 1000)),
    pexpiretime: left(({ expires }) => expires),
    persist: exactly(1, ([key]) => persist(keyspace, key)),
  };
}

function persist(keyspace: Keyspace, key: Buffer): Reply {
  const entry = keyspace.find(key);
  if (entry?.expires === undefined) return 0;
  keyspace.change(entry, { expires: undefined });
  return 1;
}

type Condition = (before: number, after: number) => boolean;

/** What each option demands; a key that stays has Infinity before it. */
const conditions: Readonly<Record<string, Condition>> = {
  NX: (before) => before === Infinity,
  XX: (before) => before !== Infinity,
  GT: (before, after) => after > before,
  LT: (before, after) => after < before,
};

function conditionOf(args: readonly Buffer[]): Condition {
  const words = args.map(wordOf);
  const foreign = args.find((_, at) => !Object.hasOwn(conditions, words[at] ?? ""));
  if (foreign) throw new CommandError(`ERR Unsupported option ${foreign.toString()}`);
  if (words.includes("NX") && words.some((word) => word !== "NX")) {
    throw new CommandError("ERR NX and XX, GT or LT options at the same time are not compatible");
  }
  if (words.includes("GT") && words.includes("LT")) {
    throw new CommandError("ERR GT and LT options at the same time are not compatible");
  }
  return (before, after) => words.every((word) => conditions[word]?.(before, after));
}
