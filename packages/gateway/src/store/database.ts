/**
 * The SQLite file that everything embedded lives in.
 *
 * One process, one connection: the file is locked for as long as it is open, because two gateways on one file would
 * deliver everything twice. Whoever shares the process shares this object. What `write` has answered is on the disk:
 * it survives kill -9 and a power cut.
 *
 * @module
 */

import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

import { ImproperlyConfigured } from "@umbel/protocol";

import { integerIn } from "./row.ts";
import { noJournal, openJournal } from "./journal.ts";
import { createTransactions, type Transactions } from "./transaction.ts";
import { createWriteQueue } from "./write-queue.ts";

/** An open SQLite file. Reads see what has been written, at once; writes go through `write`. */
export interface Database {
  /** Compiles a statement; keep and reuse it. */
  prepare(sql: string): StatementSync;
  /**
   * Runs `work` in the next transaction and resolves with its value once that is on the disk. Works that wait at the
   * same time share one transaction and one sync of the disk, in the order of the calls. `work` is synchronous; when it
   * throws, what it wrote is undone, the others stand, and the promise rejects with what it threw.
   */
  readonly write: <T>(work: () => T) => Promise<T>;
  /**
   * As `write`, but resolves as soon as it is committed: it survives the death of the process, but not yet a power cut,
   * which would take all that was committed later as well. For what nobody outside is told of.
   */
  readonly apply: <T>(work: () => T) => Promise<T>;
  /** As `apply`, but after all that shares its transaction, also what asks later: it sees what they wrote. */
  readonly applyLast: <T>(work: () => T) => Promise<T>;
  /** Runs a part of a work; when it throws, what it wrote is undone, and the work goes on as it sees fit. */
  undoable<T>(work: () => T): T;
  /** Brings the tables of one part of the program up to date: `steps` are run once each, in order, and never change afterwards. */
  migrate(part: string, steps: readonly string[]): void;
  /** Resolves when the disk could not be written to: from then on all that is to be written is refused. */
  readonly failed: Promise<Error>;
  /** Writes what waits, then closes. */
  close(): void;
}

/**
 * Opens (or creates) a database: a path, or `:memory:`.
 * Throws `ImproperlyConfigured` when that cannot be: another process has the file open, or it is something else.
 */
export function openDatabase(path: string): Database {
  if (path !== ":memory:") createPrivately(path);
  const sqlite = new DatabaseSync(path);
  lock(sqlite, path);
  const transactions = createTransactions(sqlite);
  const journal = path === ":memory:" ? noJournal : openJournal(path);
  const queue = createWriteQueue({ transactions, journal, changes: changesOf(sqlite) });

  return {
    prepare: (sql) => sqlite.prepare(sql),
    write: queue.write,
    apply: queue.apply,
    applyLast: queue.applyLast,
    undoable: (work) => transactions.part(work),
    migrate: (part, steps) => migrate(sqlite, { part, steps, transactions }),
    failed: journal.failed,
    close() {
      queue.flush();
      journal.close();
      sqlite.close();
    },
  };
}

function changesOf(sqlite: DatabaseSync): () => number {
  const total = sqlite.prepare("SELECT total_changes() AS changes");
  return () => integerIn(total.get() ?? {}, "changes");
}

/** Messages are private, and so is the signing key: only the owner may read the file. SQLite gives its journal the same rights. */
function createPrivately(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}

function lock(sqlite: DatabaseSync, path: string): void {
  try {
    sqlite.exec(`
      PRAGMA busy_timeout = 2000;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      -- The log is synced by journal.ts.
      PRAGMA synchronous = NORMAL;
      PRAGMA foreign_keys = ON;
      -- What undoes a part of a transaction is kept in memory: in a temporary file it was most of what was written.
      PRAGMA temp_store = MEMORY;
      -- Pages after which the log is copied into the database, and the bytes that it keeps then: the same 16 MiB. What is
      -- written again and again, as messages that come and go are, is copied once.
      PRAGMA wal_autocheckpoint = 4096;
      PRAGMA journal_size_limit = 16777216;
      CREATE TABLE IF NOT EXISTS migration (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
    `);
  } catch (cause) {
    sqlite.close();
    throw new ImproperlyConfigured(`${path} cannot be opened: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return reason.includes("locked")
    ? "is another gateway using it? Stop that one, or name another folder (--data)"
    : reason;
}

interface Migration {
  readonly part: string;
  readonly steps: readonly string[];
  readonly transactions: Transactions;
}

function migrate(sqlite: DatabaseSync, { part, steps, transactions }: Migration): void {
  const row = sqlite.prepare("SELECT version FROM migration WHERE part = ?").get(part);
  const done = Number(row?.["version"] ?? 0);
  if (done > steps.length) {
    throw new ImproperlyConfigured(
      `The data of "${part}" was written by a newer version (${done}, this one: ${steps.length})`,
    );
  }
  if (done === steps.length) return;

  const set = sqlite.prepare(
    "INSERT INTO migration VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version",
  );
  transactions.whole(() => {
    for (const step of steps.slice(done)) sqlite.exec(step);
    set.run(part, steps.length);
  });
}
