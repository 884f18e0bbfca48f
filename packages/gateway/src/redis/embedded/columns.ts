/**
 * Reads the columns that the engine has and others have not: bytes as buffers, and scores.
 *
 * @module
 */

import { bytesIn, type Row } from "../../store/row.ts";

/** A BLOB column, without a copy. */
export function bufferIn(row: Row, column: string): Buffer {
  const { buffer, byteOffset, byteLength } = bytesIn(row, column);
  return Buffer.from(buffer, byteOffset, byteLength);
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
