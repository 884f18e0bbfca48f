/**
 * Random sequences of Redis commands, on few keys so that they meet: right ones, and ones that are wrong in every way.
 *
 * @module
 */

import * as fc from "fast-check";

/** A command as bytes. */
export interface Sent {
  readonly name: string;
  readonly args: readonly Buffer[];
  /** Has an argument too few or too many: with two mistakes it is open which is told. */
  readonly miscounted?: true;
}

/** Keys in use. */
export const keys: readonly Buffer[] = ["a", "{b}ü", ""].map((name) => Buffer.from(name));

type Words = fc.Arbitrary<readonly (string | Buffer)[]>;

const binary = Buffer.from([0xff, 0x00, 0x0a, 0xfe]);
const key = fc.constantFrom(...keys);
const text = fc.constantFrom<string | Buffer>("", "x", "Y z", "10", "-3", "010", "9223372036854775807", "1.5", binary);
const member = fc.constantFrom<string | Buffer>("m", "n", "o", "", "p\r\nq", binary);
/** Few, so that a list has some twice. */
const element = fc.constantFrom<string | Buffer>("x", "y", "", binary);
const integer = fc.constantFrom("0", "1", "-1", "2", "-2", "5", "100", "-100", "9223372036854775807", "x", "1.5", "");
const score = fc.constantFrom("0", "1", "-1", "2.5", "1e3", "inf", "-inf", "+inf", "7", "nan", "x", "");
/** Redis reads an empty bound as 0, which nobody means. */
const bound = score.filter((value) => value !== "").chain((value) => fc.constantFrom(value, `(${value}`));
const lexBound = fc.oneof(
  fc.constantFrom<string | Buffer>("-", "+", "-", "+", "-x", "", "x"),
  fc
    .tuple(fc.constantFrom("[", "("), member)
    .map(([sign, each]) => Buffer.concat([Buffer.from(sign), typeof each === "string" ? Buffer.from(each) : each])),
);
const count = fc.constantFrom("0", "1", "2", "100", "-1", "x");
/** Lives longer than the test, so that no reply depends on how fast we are; one that has ended still counts in DBSIZE. */
const deadline = fc.constantFrom(
  ["EX", "1000"],
  ["PX", "1000000"],
  ["EXAT", "4000000000"],
  ["PXAT", "4000000000000"],
  ["EX", "0"],
  ["PX", "-5"],
  ["EX", "9223372036854775807"],
  ["EX"],
);
const pattern = fc.constantFrom(
  "*",
  "?",
  "[a-b]",
  "[^a]",
  "{*}?",
  "\\a",
  "[",
  "a*b",
  "*?*",
  "[^",
  "[a",
  "\\",
  "[\\]]",
  "[b-a]",
  "ü",
);
const streamId = fc.constantFrom("1-1", "1-*", "2", "5-3", "0-0", "9-9", "x", "-1");
const streamEnd = fc.constantFrom("-", "+", "1", "(1-1", "2-0", "(9", "x");

const none: Words = fc.constant([]);
const some = (words: fc.Arbitrary<string | Buffer>): Words => fc.array(words, { minLength: 1, maxLength: 4 });
const one = (words: fc.Arbitrary<string | Buffer>): Words => words.map((word) => [word]);
const pairs = (first: fc.Arbitrary<string | Buffer>, second: fc.Arbitrary<string | Buffer>): Words =>
  fc.array(fc.tuple(first, second), { minLength: 1, maxLength: 3 }).map((rows) => rows.flat());
const options = (...choices: readonly (readonly string[])[]): Words =>
  fc.subarray([...choices]).map((chosen) => chosen.flat());
const sequence = (...parts: readonly Words[]): Words => fc.tuple(...parts).map((rows) => rows.flat());
const limit: Words = fc.constantFrom(
  [],
  ["LIMIT", "0", "1"],
  ["LIMIT", "1", "-1"],
  ["LIMIT", "-1", "2"],
  ["LIMIT", "5", "2"],
  ["LIMIT", "0", "0"],
  ["LIMIT", "0"],
);

/** What each command of a type may be given, right or wrong. */
type Family = Readonly<Record<string, Words>>;

const families: Readonly<Record<string, Family>> = {
  keys: {
    DEL: some(key),
    UNLINK: some(key),
    EXISTS: some(key),
    TYPE: one(key),
    KEYS: one(pattern),
    SCAN: fc.oneof(
      sequence(one(fc.constant("0")), one(fc.constant("COUNT")), one(fc.constant("1000"))),
      sequence(
        fc.constant(["0", "COUNT", "1000", "MATCH"]),
        one(pattern),
        fc.oneof(none, fc.constantFrom(["TYPE", "hash"], ["TYPE", "string"])),
      ),
      fc.constantFrom(["x"], ["0", "COUNT", "0"], ["0", "MATCH"]),
    ),
    DBSIZE: none,
    FLUSHDB: fc.constantFrom([], ["ASYNC"], ["SYNC"], ["LATER"]),
    EXPIRE: sequence(one(key), one(fc.constantFrom("1000", "2000", "-1", "x", "9223372036854775807")), conditions()),
    PEXPIRE: sequence(one(key), one(fc.constantFrom("1000000", "-1", "x")), conditions()),
    EXPIREAT: sequence(one(key), one(fc.constantFrom("4000000000", "1")), conditions()),
    PEXPIREAT: sequence(one(key), one(fc.constantFrom("4000000000000", "1")), conditions()),
    TTL: one(key),
    PTTL: one(key),
    PERSIST: one(key),
    PING: fc.oneof(none, one(text)),
    ECHO: one(text),
  },
  strings: {
    GET: one(key),
    SET: sequence(
      one(key),
      one(text),
      fc.oneof(none, deadline),
      fc.oneof(options(["NX"], ["XX"], ["GET"], ["KEEPTTL"]), fc.constant(["KEEPTTL"])),
    ),
    SETNX: sequence(one(key), one(text)),
    SETEX: sequence(one(key), one(fc.constantFrom("1000", "0", "-1", "x", "9223372036854775807")), one(text)),
    PSETEX: sequence(one(key), one(fc.constantFrom("1000000", "0", "-1", "x")), one(text)),
    MGET: some(key),
    MSET: pairs(key, text),
    GETDEL: one(key),
    GETEX: sequence(one(key), fc.oneof(none, deadline, fc.constant(["PERSIST"]))),
    APPEND: sequence(one(key), one(text)),
    STRLEN: one(key),
    INCR: one(key),
    DECR: one(key),
    INCRBY: sequence(one(key), one(integer)),
    DECRBY: sequence(one(key), one(fc.constantFrom("1", "-9223372036854775808", "x", "7"))),
  },
  hashes: {
    HSET: sequence(one(key), pairs(member, text)),
    HMSET: sequence(one(key), pairs(member, text)),
    HSETNX: sequence(one(key), one(member), one(text)),
    HGET: sequence(one(key), one(member)),
    HMGET: sequence(one(key), some(member)),
    HGETALL: one(key),
    HKEYS: one(key),
    HVALS: one(key),
    HLEN: one(key),
    HEXISTS: sequence(one(key), one(member)),
    HSTRLEN: sequence(one(key), one(member)),
    HDEL: sequence(one(key), some(member)),
    HINCRBY: sequence(one(key), one(member), one(integer)),
  },
  lists: {
    LPUSH: sequence(one(key), some(element)),
    RPUSH: sequence(one(key), some(element)),
    LPOP: sequence(one(key), fc.oneof(none, one(count))),
    RPOP: sequence(one(key), fc.oneof(none, one(count))),
    LLEN: one(key),
    LINDEX: sequence(one(key), one(integer)),
    LRANGE: sequence(one(key), one(integer), one(integer)),
    LTRIM: sequence(one(key), one(integer), one(integer)),
    LREM: sequence(one(key), one(integer), one(element)),
  },
  sets: {
    SADD: sequence(one(key), some(member)),
    SREM: sequence(one(key), some(member)),
    SMEMBERS: one(key),
    SISMEMBER: sequence(one(key), one(member)),
    SCARD: one(key),
  },
  sortedSets: {
    ZADD: sequence(one(key), options(["NX"], ["XX"], ["GT"], ["LT"], ["CH"], ["INCR"]), pairs(score, member)),
    ZINCRBY: sequence(one(key), one(score), one(member)),
    ZREM: sequence(one(key), some(member)),
    ZCARD: one(key),
    ZSCORE: sequence(one(key), one(member)),
    ZCOUNT: sequence(one(key), one(bound), one(bound)),
    ZRANGE: fc.oneof(
      sequence(one(key), one(integer), one(integer), options(["REV"], ["WITHSCORES"])),
      sequence(one(key), one(bound), one(bound), options(["BYSCORE"], ["REV"], ["WITHSCORES"]), limit),
    ),
    ZREVRANGE: sequence(one(key), one(integer), one(integer), options(["WITHSCORES"], ["REV"])),
    ZRANGEBYSCORE: sequence(one(key), one(bound), one(bound), options(["WITHSCORES"]), limit),
    ZREVRANGEBYSCORE: sequence(one(key), one(bound), one(bound), options(["WITHSCORES"]), limit),
    ZREMRANGEBYSCORE: sequence(one(key), one(bound), one(bound)),
    ZPOPMIN: sequence(one(key), fc.oneof(none, one(count))),
  },
  streams: {
    XADD: sequence(one(key), options(["NOMKSTREAM"], ["MAXLEN", "2"]), one(streamId), pairs(member, text)),
    XLEN: one(key),
    XRANGE: sequence(one(key), one(streamEnd), one(streamEnd), fc.constantFrom([], ["COUNT", "1"], ["COUNT", "x"])),
    XREVRANGE: sequence(one(key), one(streamEnd), one(streamEnd)),
  },
};

/** Apart, since nobody promises what a range of members is where scores differ. */
const lexicalSets: Family = {
  ZADD: sequence(
    one(key),
    fc.array(member, { minLength: 1, maxLength: 4 }).map((members) => members.flatMap((each) => ["0", each])),
  ),
  ZREM: sequence(one(key), some(member)),
  ZRANGEBYLEX: sequence(one(key), one(lexBound), one(lexBound), options(["WITHSCORES"]), limit),
  ZREVRANGEBYLEX: sequence(one(key), one(lexBound), one(lexBound), limit),
  ZRANGE: sequence(one(key), one(lexBound), one(lexBound), fc.constant(["BYLEX"]), options(["REV"]), limit),
};

function conditions(): Words {
  return options(["NX"], ["XX"], ["GT"], ["LT"]);
}

/**
 * Sequences of commands. Most are on one type, so that a sequence gets somewhere; some are on another, which is an error.
 */
export const sequences: fc.Arbitrary<readonly Sent[]> = fc
  .constantFrom(...Object.values(families).map((family) => ({ family, all: families })), {
    family: lexicalSets,
    all: { ...families, sortedSets: lexicalSets },
  })
  .chain(({ family, all }) =>
    fc.array(
      fc.oneof(
        { weight: 24, arbitrary: commandOf(family) },
        { weight: 4, arbitrary: commandOf(Object.assign({}, ...Object.values(all))) },
        { weight: 1, arbitrary: commandOf(family).chain(miscounted) },
      ),
      { minLength: 1, maxLength: 100, size: "max" },
    ),
  );

function commandOf(family: Readonly<Record<string, Words>>): fc.Arbitrary<Sent> {
  return fc.oneof(...Object.entries(family).map(([name, words]) => words.map((args) => sent(name, args))));
}

/** One argument too few, or one too many. */
function miscounted({ name, args }: Sent): fc.Arbitrary<Sent> {
  return fc
    .constantFrom(args.slice(0, -1), [...args, Buffer.from("more")])
    .map((wrong) => ({ name, args: wrong, miscounted: true }));
}

function sent(name: string, args: readonly (string | Buffer)[]): Sent {
  return { name, args: args.map((word) => (typeof word === "string" ? Buffer.from(word) : word)) };
}
