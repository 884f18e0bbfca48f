/**
 * Entries of a stream as bytes, one after the other, so that many stand in a row.
 *
 * Each is its id (64 bits and 64 bits), the length of what follows (32 bits), and its fields and values, each after its length
 * (32 bits); all big endian.
 *
 * @module
 */

import type { StreamId } from "./stream-id.ts";

/** One entry. */
export interface StreamEntry {
  readonly id: StreamId;
  /** Fields and values in turn. */
  readonly fields: readonly Buffer[];
  /** As it was packed. */
  readonly packed: Buffer;
}

/** Bytes of an id, and of a length. */
export const idSize = 16;
const lengthSize = 4;

/** An id as bytes. */
export function packId({ milliseconds, sequence }: StreamId): Buffer {
  const packed = Buffer.allocUnsafe(idSize);
  writeInteger(packed, milliseconds, 0);
  writeInteger(packed, sequence, idSize / 2);
  return packed;
}

/** The id at the beginning of what {@link packId} or {@link packEntry} returned. */
export function unpackId(packed: Buffer): StreamId {
  return { milliseconds: readInteger(packed, 0), sequence: readInteger(packed, idSize / 2) };
}

/** An entry as bytes. */
export function packEntry(id: StreamId, fields: readonly Buffer[]): Buffer {
  const size = fields.reduce((sum, { length }) => sum + lengthSize + length, 0);
  const packed = Buffer.allocUnsafe(idSize + lengthSize + size);
  packId(id).copy(packed);
  let at = packed.writeUInt32BE(size, idSize);
  for (const field of fields) {
    at = packed.writeUInt32BE(field.length, at);
    at += field.copy(packed, at);
  }
  return packed;
}

/** The entries in bytes, the oldest first. */
export function unpackEntries(packed: Buffer): readonly StreamEntry[] {
  return partsOf(packed, idSize).map((entry) => ({
    id: unpackId(entry),
    fields: partsOf(entry.subarray(idSize + lengthSize), 0).map((field) => field.subarray(lengthSize)),
    packed: entry,
  }));
}

/** Parts that begin with so many bytes and the length of the rest. */
function partsOf(packed: Buffer, before: number): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < packed.length;) {
    const end = at + before + lengthSize + packed.readUInt32BE(at + before);
    parts.push(packed.subarray(at, end));
    at = end;
  }
  return parts;
}

/** Numbers in 64 bits; those of ids are exact in a double. */
const high = 2 ** 32;

function writeInteger(packed: Buffer, value: number, at: number): void {
  packed.writeUInt32BE(Math.floor(value / high), at);
  packed.writeUInt32BE(value % high, at + 4);
}

function readInteger(packed: Buffer, at: number): number {
  return packed.readUInt32BE(at) * high + packed.readUInt32BE(at + 4);
}
