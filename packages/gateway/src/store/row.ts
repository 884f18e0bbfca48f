/**
 * Reads the columns of a row as what they are declared to be.
 *
 * The tables are strict, so a column of another type is a mistake in a statement: the functions throw `TypeError`.
 *
 * @module
 */

import type { SQLOutputValue } from "node:sqlite";

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A TEXT column. */
export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw mismatch(column, "a text");
  return value;
}

/** A TEXT column that may be NULL. */
export function optionalTextIn(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textIn(row, column);
}

/** An INTEGER column. */
export function integerIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw mismatch(column, "an integer");
  return value;
}

/** An INTEGER column that may be NULL. */
export function optionalIntegerIn(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integerIn(row, column);
}

/** A BLOB column; NULL, which is how an empty one is stored, reads as empty. */
export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value === null) return new Uint8Array();
  if (!(value instanceof Uint8Array)) throw mismatch(column, "bytes");
  return value;
}

function mismatch(column: string, wanted: string): TypeError {
  return new TypeError(`The column "${column}" is not ${wanted}`);
}
