/**
 * Waits for SQLite's write-ahead log to be on the disk, without holding the program up meanwhile.
 *
 * A commit with `synchronous = FULL` stops the whole process until the disk has answered. Here a commit only writes to the
 * log; one `fdatasync` then covers all that was committed before it began, and what is committed while it runs waits for the
 * next one. SQLite itself syncs the log before it copies any of it into the database.
 *
 * @module
 */

import { closeSync, fdatasync, fdatasyncSync, openSync } from "node:fs";

/** The log of one database. */
export interface Journal {
  /** Resolves once all that has been committed is on the disk. Rejects from the first sync that fails on. */
  synced(): Promise<void>;
  /** Resolves, whatever comes of it, when the sync that runs has ended; undefined when none runs. */
  running(): Promise<void> | undefined;
  /** Waits for the disk once more, holding the program up, and lets go of the file. */
  close(): void;
}

/** Nothing more can be promised: what a failed sync was about may be lost, and later ones would not tell. */
export class DiskFailure extends Error {
  override readonly name = "DiskFailure";
}

/** A journal that is on no disk: that of a database in memory. */
export const noJournal: Journal = { synced: () => Promise.resolve(), running: () => undefined, close: () => {} };

/** Opens the log of a database in WAL mode that has been written to; `path` is the database's. */
export function openJournal(path: string): Journal {
  const file = openSync(`${path}-wal`, "r+");
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let failure: DiskFailure | undefined;
  let closed = false;

  function start(): Promise<void> {
    running = sync(file)
      .catch((cause: unknown) => {
        throw (failure ??= failureOf(cause));
      })
      .finally(() => {
        running = undefined;
        if (closed) closeSync(file);
      });
    return running;
  }

  /** After the one that runs, whose file may have been synced before the last commit. */
  async function startAfter(before: Promise<void>): Promise<void> {
    await before.catch(() => {});
    next = undefined;
    if (failure) throw failure;
    if (!closed) await start();
  }

  return {
    async synced() {
      if (failure) throw failure;
      if (running === undefined) await start();
      else await (next ??= startAfter(running));
    },
    running: () => running?.catch(() => {}),
    close() {
      if (closed) return;
      closed = true;
      fdatasyncSync(file);
      if (running === undefined) closeSync(file);
    },
  };
}

function failureOf(cause: unknown): DiskFailure {
  return new DiskFailure(`The disk cannot be written to: ${String(cause)}; start the gateway again`, { cause });
}

function sync(file: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(file, (error) => (error ? reject(error) : resolve()));
  });
}
