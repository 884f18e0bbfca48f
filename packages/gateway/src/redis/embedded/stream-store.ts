/**
 * Where the entries of streams are kept.
 *
 * The newest stand with the key, which is read and written anyway, after the last id: a request that appends twenty writes one
 * row. When they grow too many they move together to a row of their own.
 *
 * @module
 */

import type { Entry, Keyspace } from "./keyspace.ts";
import { idSize, packEntry, packId, type StreamEntry, unpackEntries, unpackId } from "./stream-entries.ts";
import { isGreater, type StreamId } from "./stream-id.ts";
import { openStreamRows, type StreamRows } from "./stream-rows.ts";

/** Entries by stream. */
export interface Streams {
  /** The last id that was given; the lowest when there is none. */
  last(entry: Entry): StreamId;
  append(key: Buffer, id: StreamId, fields: readonly Buffer[]): Entry;
  /** Drops the oldest until so many are left. */
  cut(entry: Entry, length: number): void;
  range(entry: Entry, asked: RangeRequest): readonly StreamEntry[];
}

/** Which entries. */
export interface RangeRequest {
  readonly start: StreamId;
  readonly stop: StreamId;
  /** Infinity: all. */
  readonly limit: number;
  readonly order: "ascending" | "descending";
}

/** Bytes of entries that are written anew with their key at each change. A row of them fits into one of SQLite's pages of 4096. */
const largest = 3800;

/** Opens them on the keys. */
export function openStreams(keyspace: Keyspace): Streams {
  const rows = openStreamRows(keyspace);
  // Streams of before have it only in their entries.
  const last = (entry: Entry): StreamId => (entry.value ? unpackId(entry.value) : rows.last(entry.id));

  return {
    last,
    append(key, id, fields) {
      const entry = keyspace.ensure(key, "stream");
      const kept = tailOf(entry);
      const added = packEntry(id, fields);
      const isFull = kept.length > 0 && kept.length + added.length > largest;
      if (isFull) rows.insert(keyspace.stored(entry).id, last(entry), kept);
      const value = Buffer.concat([packId(id), ...(isFull ? [] : [kept]), added]);
      return keyspace.change(entry, { size: entry.size + 1, value });
    },
    cut(entry, length) {
      const left = rows.drop(entry.id, entry.size - length);
      if (left > 0) {
        const kept = unpackEntries(tailOf(entry)).slice(left);
        keyspace.change(entry, { value: Buffer.concat([packId(last(entry)), ...packedOf(kept)]) });
      }
      keyspace.resize(entry, length);
    },
    range: (entry, asked) => rangeIn(entriesOf(entry, rows, asked), asked),
  };
}

/** The entries that stand with the key, as bytes. */
function tailOf({ value }: Entry): Buffer {
  return value?.subarray(idSize) ?? Buffer.alloc(0);
}

function packedOf(entries: readonly StreamEntry[]): readonly Buffer[] {
  return entries.map(({ packed }) => packed);
}

function* entriesOf(entry: Entry, rows: StreamRows, asked: RangeRequest): Iterable<StreamEntry> {
  const tail = unpackEntries(tailOf(entry));
  if (asked.order === "ascending") {
    yield* rows.ascending(entry.id, asked.start);
    yield* tail;
  } else {
    yield* tail.toReversed();
    yield* rows.descending(entry.id, asked.stop);
  }
}

function rangeIn(entries: Iterable<StreamEntry>, { start, stop, limit, order }: RangeRequest): readonly StreamEntry[] {
  const found: StreamEntry[] = [];
  for (const entry of entries) {
    const isBehind = order === "ascending" ? isGreater(entry.id, stop) : isGreater(start, entry.id);
    if (isBehind || found.length >= limit) break;
    if (!isGreater(start, entry.id) && !isGreater(entry.id, stop)) found.push(entry);
  }
  return found;
}
