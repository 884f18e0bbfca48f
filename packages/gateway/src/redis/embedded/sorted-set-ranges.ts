/**
 * Commands that answer, count or remove a range of a sorted set.
 *
 * @module
 */

import { CommandError, type Reply } from "../engine.ts";
import { floatOf, integerOf, syntaxError, wordOf } from "./arguments.ts";
import { atLeast, type CommandTable, exactly } from "./command-table.ts";
import { lexRangeOf } from "./lex-range.ts";
import { type Bound, type Bounds, type Order, type Scored, type SortedSets, withScores } from "./sorted-set-store.ts";
import { type Span, spanOf } from "./span.ts";

/** The commands on ranges. */
export function sortedSetRangeCommands(sets: SortedSets): CommandTable {
  return {
    zrange: atLeast(3, ([key, start, stop, ...options]) => {
      const asked = rangeOptionsOf(options, ["BYSCORE", "BYLEX", "REV", "LIMIT", "WITHSCORES"]);
      return range(sets, { ...asked, key, start, stop });
    }),
    zrevrange: atLeast(3, ([key, start, stop, ...options]) => {
      const asked = rangeOptionsOf(options, ["WITHSCORES"]);
      return range(sets, { ...asked, key, start, stop, order: "descending" });
    }),
    zrangebyscore: atLeast(3, ([key, start, stop, ...options]) => {
      const asked = rangeOptionsOf(options, ["LIMIT", "WITHSCORES"]);
      return range(sets, { ...asked, key, start, stop, by: "score" });
    }),
    zrevrangebyscore: atLeast(3, ([key, start, stop, ...options]) => {
      const asked = rangeOptionsOf(options, ["LIMIT", "WITHSCORES"]);
      return range(sets, { ...asked, key, start, stop, by: "score", order: "descending" });
    }),
    zrangebylex: atLeast(3, ([key, start, stop, ...options]) => {
      const asked = rangeOptionsOf(options, ["LIMIT", "WITHSCORES"]);
      return range(sets, { ...asked, key, start, stop, by: "member" });
    }),
    zrevrangebylex: atLeast(3, ([key, start, stop, ...options]) => {
      const asked = rangeOptionsOf(options, ["LIMIT", "WITHSCORES"]);
      return range(sets, { ...asked, key, start, stop, by: "member", order: "descending" });
    }),
    zcount: exactly(3, ([key, min, max]) => {
      const bounds = boundsOf(min, max);
      const entry = sets.find(key);
      return entry ? sets.countByScore(entry, bounds) : 0;
    }),
    zremrangebyscore: exactly(3, ([key, min, max]) => removeByScore(sets, key, boundsOf(min, max))),
  };
}

interface RangeOptions {
  readonly by: "rank" | "score" | "member";
  readonly order: Order;
  readonly scores: boolean;
  readonly limit: Span | undefined;
}

interface RangeRequest extends RangeOptions {
  readonly key: Buffer;
  readonly start: Buffer;
  readonly stop: Buffer;
}

function range(sets: SortedSets, asked: RangeRequest): Reply {
  // A limit that leaves nothing out is allowed, as in Redis.
  if (asked.by === "rank" && asked.limit && asked.limit.count !== -1) {
    throw new CommandError("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
  }
  if (asked.by === "member" && asked.scores) {
    throw new CommandError("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
  }
  const members = ranges[asked.by](sets, asked);
  return asked.scores ? withScores(members) : members.map(({ member }) => member);
}

const ranges = { rank: rangeByRank, score: rangeByScore, member: rangeByMember };

function rangeByRank(sets: SortedSets, { key, start, stop, order }: RangeRequest): readonly Scored[] {
  const ends = [integerOf(start), integerOf(stop)] as const;
  const entry = sets.find(key);
  return entry ? sets.byRank(entry, spanOf(ends, entry.size), order) : [];
}

/** Backwards the greater end is written first. */
function rangeByScore(sets: SortedSets, { key, start, stop, order, limit }: RangeRequest): readonly Scored[] {
  const bounds = order === "ascending" ? boundsOf(start, stop) : boundsOf(stop, start);
  const entry = sets.find(key);
  const { first, count } = limit ?? { first: 0, count: -1 };
  return entry && first >= 0 ? sets.byScore(entry, bounds, { first, count, order }) : [];
}

function rangeByMember(sets: SortedSets, { key, start, stop, order, limit }: RangeRequest): readonly Scored[] {
  const asked = order === "ascending" ? lexRangeOf(start, stop) : lexRangeOf(stop, start);
  const entry = sets.find(key);
  const { first, count } = limit ?? { first: 0, count: -1 };
  return entry && asked && first >= 0 ? sets.byMember(entry, asked, { first, count, order }) : [];
}

function removeByScore(sets: SortedSets, key: Buffer, bounds: Bounds): Reply {
  const entry = sets.find(key);
  if (!entry) return 0;
  const members = sets.byScore(entry, bounds, { first: 0, count: -1, order: "ascending" });
  return sets.remove(
    entry,
    members.map(({ member }) => member),
  );
}

/** Reads options in any order; only those that the command has. */
function rangeOptionsOf(args: readonly Buffer[], names: readonly string[]): RangeOptions {
  const chosen = new Set<string>();
  let limit: Span | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = wordOf(args[at] ?? Buffer.alloc(0));
    if (!names.includes(word)) throw syntaxError();
    chosen.add(word);
    if (word !== "LIMIT") continue;
    limit = limitOf(args[at + 1], args[at + 2]);
    at += 2;
  }
  if (chosen.has("BYLEX") && chosen.has("BYSCORE")) throw syntaxError();
  return {
    by: chosen.has("BYSCORE") ? "score" : chosen.has("BYLEX") ? "member" : "rank",
    order: chosen.has("REV") ? "descending" : "ascending",
    scores: chosen.has("WITHSCORES"),
    limit,
  };
}

function limitOf(offset: Buffer | undefined, count: Buffer | undefined): Span {
  if (!offset || !count) throw syntaxError();
  return { first: integerOf(offset), count: integerOf(count) };
}

function boundsOf(min: Buffer, max: Buffer): Bounds {
  return { min: boundOf(min), max: boundOf(max) };
}

function boundOf(argument: Buffer): Bound {
  const inclusive = argument[0] !== "(".charCodeAt(0);
  return { score: floatOf(inclusive ? argument : argument.subarray(1), "ERR min or max is not a float"), inclusive };
}
