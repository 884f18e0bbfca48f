/**
 * Commands on streams, as far as a log of events needs them: append, cut, read a range.
 *
 * A stream that is cut to nothing is gone, and with it its last id: the one difference from Redis.
 *
 * @module
 */

import { CommandError, type Reply } from "../engine.ts";
import { integerOf, pairsOf, syntaxError, wordOf } from "./arguments.ts";
import { atLeast, type CommandTable, exactly, wrongNumberOfArguments } from "./command-table.ts";
import type { Keyspace } from "./keyspace.ts";
import type { StreamEntry } from "./stream-entries.ts";
import { after, endOf, formatId, idOf, isGreater, lowest, type StreamId } from "./stream-id.ts";
import { openStreams, type RangeRequest, type Streams } from "./stream-store.ts";

/** The commands on streams. */
export function streamCommands(keyspace: Keyspace): CommandTable {
  const host = { keyspace, streams: openStreams(keyspace) };

  return {
    xadd: atLeast(4, ([key, ...args]) => add(host, key, args)),
    xlen: exactly(1, ([key]) => keyspace.expect(key, "stream")?.size ?? 0),
    xrange: atLeast(3, ([key, start, stop, ...options]) => {
      const asked = { start: endOf(start, "start"), stop: endOf(stop, "stop"), limit: limitOf(options) };
      return range(host, key, { ...asked, order: "ascending" });
    }),
    xrevrange: atLeast(3, ([key, stop, start, ...options]) => {
      const asked = { start: endOf(start, "start"), stop: endOf(stop, "stop"), limit: limitOf(options) };
      return range(host, key, { ...asked, order: "descending" });
    }),
  };
}

interface Host {
  readonly keyspace: Keyspace;
  readonly streams: Streams;
}

interface Addition {
  readonly create: boolean;
  /** How many entries may stay. */
  readonly length: number;
  /** How many more there may be before the oldest go. */
  readonly slack: number;
  readonly id: NextId;
  readonly fields: readonly Buffer[];
}

function add({ keyspace, streams }: Host, key: Buffer, args: readonly Buffer[]): Reply {
  const { create, length, slack, id: asked, fields } = additionOf(args);
  const present = keyspace.expect(key, "stream");
  if (!present && !create) return null;

  const last = present ? streams.last(present) : lowest;
  const id = asked(last, keyspace.now());
  if (!isGreater(id, last)) {
    throw new CommandError("ERR The ID specified in XADD is equal or smaller than the target stream top item");
  }
  const entry = streams.append(key, id, fields);
  if (entry.size > length + slack) streams.cut(entry, length);
  return formatId(id);
}

/** What `~` allows to keep besides, as many as Redis does: the oldest go together, and not one with each that comes. */
const roughly = 100;

/** `[NOMKSTREAM] [MAXLEN [= or ~] length] id field value …`. */
function additionOf(args: readonly Buffer[]): Addition {
  const rest = [...args];
  const next = (): string => wordOf(rest[0] ?? Buffer.alloc(0));

  const create = next() !== "NOMKSTREAM";
  if (!create) rest.shift();
  const bound = next() === "MAXLEN" ? boundIn(rest) : { length: Infinity, slack: 0 };
  const [asked, ...fields] = rest;
  const id = asked && nextId(asked);
  if (!id || fields.length === 0 || !pairsOf(fields)) throw wrongNumberOfArguments("xadd");
  if (/^0+(-0+)?$/.test(asked.toString("latin1"))) {
    throw new CommandError("ERR The ID specified in XADD must be greater than 0-0");
  }
  return { create, ...bound, id, fields };
}

/** Takes `MAXLEN [= or ~] length` from what is left. */
function boundIn(rest: Buffer[]): Pick<Addition, "length" | "slack"> {
  rest.shift();
  const word = wordOf(rest[0] ?? Buffer.alloc(0));
  if (word === "=" || word === "~") rest.shift();
  return { length: lengthOf(rest.shift()), slack: word === "~" ? roughly : 0 };
}

function lengthOf(argument: Buffer | undefined): number {
  if (!argument) throw syntaxError();
  const length = integerOf(argument);
  if (length < 0) throw new CommandError("ERR The MAXLEN argument must be >= 0.");
  return length;
}

/** The id of an entry, given the last one there is, and milliseconds since 1970. */
type NextId = (last: StreamId, now: number) => StreamId;

/** `*`, `milliseconds-*`, or an id. */
function nextId(argument: Buffer): NextId {
  const text = argument.toString("latin1");
  // A clock that went back must not stop the log.
  if (text === "*") return (last, now) => (now > last.milliseconds ? { milliseconds: now, sequence: 0 } : after(last));
  if (!text.endsWith("-*")) {
    const id = idOf(argument, 0);
    return () => id;
  }
  const { milliseconds } = idOf(argument.subarray(0, -2), 0);
  return (last) => (milliseconds === last.milliseconds ? after(last) : { milliseconds, sequence: 0 });
}

function range({ keyspace, streams }: Host, key: Buffer, asked: RangeRequest): Reply {
  const entry = keyspace.expect(key, "stream");
  if (!entry) return [];
  // Redis's answer to who wants none.
  return asked.limit === 0 ? null : streams.range(entry, asked).map(replyOf);
}

function limitOf(options: readonly Buffer[]): number {
  if (options.length === 0) return Infinity;
  const [word, count, ...rest] = options;
  if (!word || !count || rest.length > 0 || wordOf(word) !== "COUNT") throw syntaxError();
  return Math.max(0, integerOf(count));
}

function replyOf({ id, fields }: StreamEntry): Reply {
  return [formatId(id), fields];
}
