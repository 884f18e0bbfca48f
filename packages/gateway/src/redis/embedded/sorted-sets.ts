/**
 * Commands on sorted sets, but for those that answer ranges (`sorted-set-ranges.ts`).
 *
 * @module
 */

import { CommandError, type Reply } from "../engine.ts";
import { countOf, floatOf, formatFloat, pairsOf, syntaxError, wordOf } from "./arguments.ts";
import { atLeast, type CommandTable, exactly } from "./command-table.ts";
import type { Keyspace } from "./keyspace.ts";
import { sortedSetRangeCommands } from "./sorted-set-ranges.ts";
import { openSortedSets, type Scored, type SortedSets, withScores } from "./sorted-set-store.ts";

/** The commands on sorted sets. */
export function sortedSetCommands(keyspace: Keyspace): CommandTable {
  const sets = openSortedSets(keyspace);

  return {
    zadd: atLeast(3, ([key, ...args]) => add(sets, key, args)),
    zincrby: exactly(3, ([key, by, member]) =>
      increment(sets, { key, additions: [{ member, score: floatOf(by) }], chosen: new Set() }),
    ),
    zrem: atLeast(2, ([key, ...members]) => remove(sets, key, members)),
    zcard: exactly(1, ([key]) => sets.find(key)?.size ?? 0),
    zscore: exactly(2, ([key, member]) => scoreOf(sets, key, member)),
    zpopmin: atLeast(1, ([key, ...options]) => popLowest(sets, key, options)),
    ...sortedSetRangeCommands(sets),
  };
}

const flags = new Set(["NX", "XX", "GT", "LT", "CH", "INCR"]);

function add(sets: SortedSets, key: Buffer, args: readonly Buffer[]): Reply {
  const start = args.findIndex((argument) => !flags.has(wordOf(argument)));
  const chosen = new Set(args.slice(0, start === -1 ? args.length : start).map(wordOf));
  const pairs = start === -1 ? undefined : pairsOf(args.slice(start));
  if (!pairs) throw syntaxError();
  refuseContradictions(chosen, pairs.length);

  const additions = pairs.map(([score, member]) => ({ member, score: floatOf(score) }));
  return chosen.has("INCR") ? increment(sets, { key, additions, chosen }) : addAll(sets, { key, additions, chosen });
}

function refuseContradictions(chosen: ReadonlySet<string>, pairs: number): void {
  const either = chosen.has("GT") || chosen.has("LT");
  if (chosen.has("NX") && chosen.has("XX")) {
    throw new CommandError("ERR XX and NX options at the same time are not compatible");
  }
  if ((chosen.has("NX") && either) || (chosen.has("GT") && chosen.has("LT"))) {
    throw new CommandError("ERR GT, LT, and/or NX options at the same time are not compatible");
  }
  if (chosen.has("INCR") && pairs > 1) {
    throw new CommandError("ERR INCR option supports a single increment-element pair");
  }
}

interface AddRequest {
  readonly key: Buffer;
  readonly additions: readonly Scored[];
  readonly chosen: ReadonlySet<string>;
}

function addAll(sets: SortedSets, { key, additions, chosen }: AddRequest): Reply {
  const entry = sets.find(key) ?? (chosen.has("XX") ? undefined : sets.create(key));
  if (!entry) return 0;

  let created = 0;
  let changed = 0;
  for (const { member, score } of additions) {
    const before = sets.score(entry, member);
    if (!isWanted(chosen, before, score)) continue;
    sets.put(entry, { member, score });
    if (before === undefined) created += 1;
    else if (before !== score) changed += 1;
  }
  sets.grow(entry, created);
  return chosen.has("CH") ? created + changed : created;
}

function increment(sets: SortedSets, { key, additions: [by], chosen }: AddRequest): Reply {
  if (!by) throw syntaxError();
  const present = sets.find(key);
  const before = present && sets.score(present, by.member);
  if (before !== undefined && chosen.has("NX")) return null; // Before it is reckoned, as in Redis.
  const score = (before ?? 0) + by.score;
  if (Number.isNaN(score)) throw new CommandError("ERR resulting score is not a number (NaN)");
  if (!isWanted(chosen, before, score)) return null;

  const entry = present ?? sets.create(key);
  sets.put(entry, { member: by.member, score });
  sets.grow(entry, before === undefined ? 1 : 0);
  return formatFloat(score);
}

/** Whether the options let a member get a score; `before` is undefined for one that is not there. */
function isWanted(chosen: ReadonlySet<string>, before: number | undefined, after: number): boolean {
  if (before === undefined) return !chosen.has("XX");
  if (chosen.has("NX")) return false;
  if (chosen.has("GT")) return after > before;
  return chosen.has("LT") ? after < before : true;
}

function remove(sets: SortedSets, key: Buffer, members: readonly Buffer[]): Reply {
  const entry = sets.find(key);
  return entry ? sets.remove(entry, members) : 0;
}

function scoreOf(sets: SortedSets, key: Buffer, member: Buffer): Reply {
  const entry = sets.find(key);
  const score = entry && sets.score(entry, member);
  return score === undefined ? null : formatFloat(score);
}

function popLowest(sets: SortedSets, key: Buffer, [argument, ...rest]: readonly Buffer[]): Reply {
  if (rest.length > 0) throw syntaxError();
  const count = argument ? countOf(argument) : 1;
  const entry = sets.find(key);
  if (!entry) return [];

  const popped = sets.byRank(entry, { first: 0, count }, "ascending");
  sets.remove(
    entry,
    popped.map(({ member }) => member),
  );
  return withScores(popped);
}
