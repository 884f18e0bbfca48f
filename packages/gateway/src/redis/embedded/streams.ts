/**
 * Commands on streams, as far as a log of events needs them: append, cut, read a range.
 *
 * The last id stands with the key, which is read and written anyway: no entry is looked up for it.
 * A stream that is cut to nothing is gone, and with it its last id: the one difference from Redis.
 *
 * @module
 */

import { limitGiven } from "../../store/limit.ts";
import { integerIn, type Row } from "../../store/row.ts";
import { CommandError, type Reply } from "../engine.ts";
import { integerOf, pairsOf, syntaxError, wordOf } from "./arguments.ts";
import { bufferIn } from "./columns.ts";
import { atLeast, type CommandTable, exactly, wrongNumberOfArguments } from "./command-table.ts";
import type { Entry, Keyspace } from "./keyspace.ts";
import { after, endOf, formatId, idOf, isGreater, lowest, type StreamId } from "./stream-id.ts";

/** The commands on streams. */
export function streamCommands(keyspace: Keyspace): CommandTable {
  const streams = openStreams(keyspace);

  return {
    xadd: atLeast(4, ([key, ...args]) => add(streams, key, args)),
    xlen: exactly(1, ([key]) => streams.find(key)?.size ?? 0),
    xrange: atLeast(3, ([key, start, stop, ...options]) => {
      const asked = { start: endOf(start, "start"), stop: endOf(stop, "stop"), limit: limitOf(options) };
      return range(streams, key, { ...asked, order: "ascending" });
    }),
    xrevrange: atLeast(3, ([key, stop, start, ...options]) => {
      const asked = { start: endOf(start, "start"), stop: endOf(stop, "stop"), limit: limitOf(options) };
      return range(streams, key, { ...asked, order: "descending" });
    }),
  };
}

interface Streams {
  now(): number;
  find(key: Buffer): Entry | undefined;
  last(entry: Entry): StreamId | undefined;
  append(key: Buffer, id: StreamId, fields: readonly Buffer[]): Entry;
  /** Drops the oldest until so many are left. */
  cut(entry: Entry, length: number): void;
  range(entry: Entry, asked: RangeRequest): readonly Reply[];
}

interface RangeRequest {
  readonly start: StreamId;
  readonly stop: StreamId;
  /** -1: all. */
  readonly limit: number;
  readonly order: "ascending" | "descending";
}

function openStreams(keyspace: Keyspace): Streams {
  const columns = "SELECT milliseconds, sequence, fields FROM redis_stream WHERE key = ?";
  const within = "AND (milliseconds, sequence) >= (?, ?) AND (milliseconds, sequence) <= (?, ?)";
  const descending = `ORDER BY milliseconds DESC, sequence DESC ${limitGiven}`;
  const statements = {
    last: keyspace.prepare(`${columns} ${descending}`),
    insert: keyspace.prepare("INSERT INTO redis_stream (key, milliseconds, sequence, fields) VALUES (?, ?, ?, ?)"),
    cut: keyspace.prepare(
      "DELETE FROM redis_stream WHERE key = ? AND (milliseconds, sequence) < (SELECT milliseconds, sequence " +
        "FROM redis_stream WHERE key = ? ORDER BY milliseconds, sequence LIMIT 1 OFFSET ? + 0)",
    ),
    ascending: keyspace.prepare(`${columns} ${within} ORDER BY milliseconds, sequence ${limitGiven}`),
    descending: keyspace.prepare(`${columns} ${within} ${descending}`),
  };

  return {
    now: () => keyspace.now(),
    find: (key) => keyspace.expect(key, "stream"),
    last({ id, value }) {
      if (value) return idOf(value, 0);
      // Streams of before have it only in their entries.
      const row = statements.last.get(id, 1);
      return row && { milliseconds: integerIn(row, "milliseconds"), sequence: integerIn(row, "sequence") };
    },
    append(key, id, fields) {
      const entry = keyspace.stored(keyspace.ensure(key, "stream"));
      statements.insert.run(entry.id, id.milliseconds, id.sequence, pack(fields));
      return keyspace.change(entry, { size: entry.size + 1, value: formatId(id) });
    },
    cut(entry, length) {
      if (entry.size <= length) return;
      // Before the first that stays; with none, all go with the key.
      statements.cut.run(entry.id, entry.id, entry.size - length);
      keyspace.resize(entry, length);
    },
    range({ id }, { start, stop, limit, order }) {
      const ends = [start.milliseconds, start.sequence, stop.milliseconds, stop.sequence];
      return statements[order].all(id, ...ends, limit).map(replyOf);
    },
  };
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

function add(streams: Streams, key: Buffer, args: readonly Buffer[]): Reply {
  const { create, length, slack, id: asked, fields } = additionOf(args);
  const present = streams.find(key);
  if (!present && !create) return null;

  const last = (present && streams.last(present)) ?? lowest;
  const id = asked(last, streams.now());
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

function range(streams: Streams, key: Buffer, asked: RangeRequest): Reply {
  const entry = streams.find(key);
  return entry ? streams.range(entry, asked) : [];
}

function limitOf(options: readonly Buffer[]): number {
  if (options.length === 0) return -1;
  const [word, count, ...rest] = options;
  if (!word || !count || rest.length > 0 || wordOf(word) !== "COUNT") throw syntaxError();
  return Math.max(0, integerOf(count));
}

function replyOf(row: Row): Reply {
  const id = { milliseconds: integerIn(row, "milliseconds"), sequence: integerIn(row, "sequence") };
  return [formatId(id), unpack(bufferIn(row, "fields"))];
}

/** Each part after its length, four bytes. */
function pack(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}

function unpack(packed: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length;) {
    const start = at + 4;
    at = start + packed.readUInt32BE(at);
    parts.push(packed.subarray(start, at));
  }
  return parts;
}
