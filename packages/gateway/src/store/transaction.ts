/**
 * Transactions, and parts of them that can be undone alone.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";

/** Runs works so that what a work wrote is undone when it throws. */
export interface Transactions {
  /** Runs a work in a transaction of its own: when this returns, what it wrote is committed. */
  whole<T>(work: () => T): T;
  /** Runs a part of a work; when it throws, the rest of the transaction can go on. */
  part<T>(work: () => T): T;
}

/** SQLite has undone the whole transaction by itself, so that no part of it can go on. */
export class TransactionUndone extends Error {
  override readonly name = "TransactionUndone";
}

/** Whether SQLite could not do something: there is no room on the disk, say. What asked for it is to be given up. */
export function isStorageError(error: unknown): boolean {
  return (
    error instanceof TransactionUndone ||
    (error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR")
  );
}

/** SQLITE_FULL. */
const sqliteFull = 13;

/** Whether there was no room on the disk: nothing of the transaction was stored, and it may be tried again. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof TransactionUndone) return isDiskFull(error.cause);
  return error instanceof Error && "errcode" in error && error.errcode === sqliteFull;
}

/** Creates them for a connection. By statements, not by `exec`: that compiles each time, and on Deno its errors have no code. */
export function createTransactions(sqlite: DatabaseSync): Transactions {
  const [begin, commit, rollback, savepoint, release, rollbackTo] = [
    sqlite.prepare("BEGIN IMMEDIATE"),
    sqlite.prepare("COMMIT"),
    sqlite.prepare("ROLLBACK"),
    sqlite.prepare("SAVEPOINT part"),
    sqlite.prepare("RELEASE part"),
    sqlite.prepare("ROLLBACK TO part"),
  ] as const;

  return {
    whole(work) {
      begin.run();
      try {
        const value = work();
        commit.run();
        return value;
      } catch (error) {
        attempt(() => rollback.run());
        throw error;
      }
    },
    part(work) {
      savepoint.run();
      try {
        const value = work();
        release.run();
        return value;
      } catch (error) {
        const isUndone = attempt(() => {
          rollbackTo.run();
          release.run();
        });
        throw isUndone ? error : transactionUndone(error);
      }
    },
  };
}

/** Whether it could be done. It cannot when SQLite has already undone the transaction by itself, as it does on a full disk. */
function attempt(undo: () => unknown): boolean {
  try {
    undo();
    return true;
  } catch {
    return false;
  }
}

/** The first error is the one to tell. */
function transactionUndone(cause: unknown): TransactionUndone {
  if (cause instanceof TransactionUndone) return cause;
  return new TransactionUndone(cause instanceof Error ? cause.message : String(cause), { cause });
}
