/**
 * Reads the columns that the engine has and others have not: bytes as buffers, and scores.
 *
 * @module
 */

import { bytesIn, type Row } from "../../store/row.ts";

/** Bytes up to which a copy costs less than a second view of the same memory: on Bun a tenth of it. */
const smallest = 4096;

/** A BLOB column. */
export function bufferIn(row: Row, column: string): Buffer {
  const bytes = bytesIn(row, column);
  if (bytes.byteLength <= smallest) return Buffer.from(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What `SELECT count(*) AS count` answers. */
export function countIn(row: Row | undefined): number {
  return row ? numberIn(row, "count") : 0;
}

/** A REAL column. */
export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`The column "${column}" is not a number`);
  return value;
}
