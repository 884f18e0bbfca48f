/**
 * Sorted sets in SQLite: members by score, equal scores by the members' bytes.
 *
 * @module
 */

import type { StatementSync } from "node:sqlite";

import { limitGiven } from "../../store/limit.ts";
import { type Row } from "../../store/row.ts";
import type { Reply } from "../engine.ts";
import { formatFloat } from "./arguments.ts";
import { bufferIn, countIn, numberIn } from "./columns.ts";
import type { Entry, Keyspace } from "./keyspace.ts";
import type { LexRange } from "./lex-range.ts";
import type { Span } from "./span.ts";

/** A member with its score. */
export interface Scored {
  readonly member: Buffer;
  readonly score: number;
}

/** Which way a range goes. */
export type Order = "ascending" | "descending";

/** One end of a range of scores. */
export interface Bound {
  readonly score: number;
  readonly inclusive: boolean;
}

/** A range of scores. */
export interface Bounds {
  readonly min: Bound;
  readonly max: Bound;
}

/** What the commands on sorted sets are made of. */
export interface SortedSets {
  find(key: Buffer): Entry | undefined;
  /** Makes a set that something has to be put into. */
  create(key: Buffer): Entry;
  score(entry: Entry, member: Buffer): number | undefined;
  put(entry: Entry, scored: Scored): void;
  /** Says how many of the members put in are new. */
  grow(entry: Entry, by: number): void;
  /** How many were there. */
  remove(entry: Entry, members: readonly Buffer[]): number;
  byRank(entry: Entry, span: Span, order: Order): readonly Scored[];
  /** `span` is counted within the range; a negative count is all. */
  byScore(entry: Entry, bounds: Bounds, page: Span & { readonly order: Order }): readonly Scored[];
  /** By the members' bytes, as far as all scores are the same; `span` as in {@link SortedSets.byScore}. */
  byMember(entry: Entry, range: LexRange, page: Span & { readonly order: Order }): readonly Scored[];
  countByScore(entry: Entry, bounds: Bounds): number;
}

/** Opens them. */
export function openSortedSets(keyspace: Keyspace): SortedSets {
  const statements = prepareAll(keyspace);
  const resize = (entry: Entry, by: number): void => keyspace.resize(entry, entry.size + by);

  return {
    find: (key) => keyspace.expect(key, "zset"),
    create: (key) => keyspace.stored(keyspace.ensure(key, "zset")),
    score({ id }, member) {
      const row = statements.score.get(id, member);
      return row && numberIn(row, "score");
    },
    put: ({ id }, { member, score }) => void statements.put.run(id, member, score),
    grow: resize,
    remove(entry, members) {
      const removed = members.reduce((sum, member) => sum + Number(statements.remove.run(entry.id, member).changes), 0);
      resize(entry, -removed);
      return removed;
    },
    byRank: ({ id }, { first, count }, order) => statements.rank[order].all(id, count, first).map(scoredOf),
    byScore: ({ id }, bounds, { first, count, order }) =>
      statements.range[order].all(id, ...parametersOf(bounds), count, first).map(scoredOf),
    byMember: ({ id }, { min, max }, { first, count, order }) => {
      const start = [min.member, min.member, Number(min.inclusive)];
      const end = max ? [0, max.member, max.member, Number(max.inclusive)] : [1, null, null, 0];
      return statements.members[order].all(id, ...start, ...end, count, first).map(scoredOf);
    },
    countByScore: ({ id }, bounds) => countIn(statements.count.get(id, ...parametersOf(bounds))),
  };
}

/** Members and scores in turn, as Redis answers WITHSCORES. */
export function withScores(members: readonly Scored[]): Reply {
  return members.flatMap(({ member, score }) => [member, formatFloat(score)]);
}

function prepareAll(keyspace: Keyspace) {
  const prepare = (sql: string): StatementSync => keyspace.prepare(sql);
  const select = "SELECT member, score FROM redis_zset WHERE key = ?";
  const within = "score >= ? AND (score > ? OR ?) AND score <= ? AND (score < ? OR ?)";
  const among = "member >= ? AND (member > ? OR ?) AND (? OR (member <= ? AND (member < ? OR ?)))";
  const ascending = `ORDER BY score ASC, member ASC ${limitGiven} OFFSET ?`;
  const descending = `ORDER BY score DESC, member DESC ${limitGiven} OFFSET ?`;

  return {
    score: prepare("SELECT score FROM redis_zset WHERE key = ? AND member = ?"),
    put: prepare(
      "INSERT INTO redis_zset (key, member, score) VALUES (?, ?, ?) " +
        "ON CONFLICT (key, member) DO UPDATE SET score = excluded.score",
    ),
    remove: prepare("DELETE FROM redis_zset WHERE key = ? AND member = ?"),
    rank: { ascending: prepare(`${select} ${ascending}`), descending: prepare(`${select} ${descending}`) },
    range: {
      ascending: prepare(`${select} AND ${within} ${ascending}`),
      descending: prepare(`${select} AND ${within} ${descending}`),
    },
    members: {
      ascending: prepare(`${select} AND ${among} ORDER BY member ASC ${limitGiven} OFFSET ?`),
      descending: prepare(`${select} AND ${among} ORDER BY member DESC ${limitGiven} OFFSET ?`),
    },
    count: prepare(`SELECT count(*) AS count FROM redis_zset WHERE key = ? AND ${within}`),
  };
}

function parametersOf({ min, max }: Bounds): readonly number[] {
  return [min.score, min.score, Number(min.inclusive), max.score, max.score, Number(max.inclusive)];
}

function scoredOf(row: Row): Scored {
  return { member: bufferIn(row, "member"), score: numberIn(row, "score") };
}
