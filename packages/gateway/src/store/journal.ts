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
  /** Resolves once all that has been committed is on the disk. Rejects with {@link DiskFailure} from the first sync that fails on. */
  synced(): Promise<void>;
  /** Resolves, whatever comes of it, when the sync that runs has ended; undefined when none runs. */
  running(): Promise<void> | undefined;
  /** Throws when a sync has failed. */
  check(): void;
  /** Resolves when a sync has failed. */
  readonly failed: Promise<DiskFailure>;
  /** Waits for the disk once more, holding the program up, and lets go of the file. */
  close(): void;
}

/** Nothing more can be promised: what a failed sync was about may be lost, and later ones would not tell. */
export class DiskFailure extends Error {
  override readonly name = "DiskFailure";
}

/** A journal that is on no disk: that of a database in memory. */
export const noJournal: Journal = {
  synced: () => Promise.resolve(),
  running: () => undefined,
  check() {},
  failed: new Promise(() => {}),
  close() {},
};

/** Has what was written to a file put on the disk: `fdatasync`. */
export type Sync = (file: number, done: (error: unknown) => void) => void;

/** Opens the log of a database in WAL mode that has been written to; `path` is the database's. */
export function openJournal(path: string, sync: Sync = fdatasync): Journal {
  const file = openSync(`${path}-wal`, "r+");
  const disk = createDiskState();
  let running: Promise<void> | undefined;
  let closed = false;

  function start(): Promise<void> {
    return new Promise((resolve) => {
      sync(file, (error) => {
        if (error) disk.fail(error);
        running = undefined;
        if (closed) closeSync(file);
        resolve();
      });
    });
  }

  async function synced(): Promise<void> {
    if (running !== undefined) {
      // It may have begun before the last commit.
      await running;
      return await synced();
    }
    if (!closed) await (running = start());
    disk.check();
  }

  return {
    ...disk,
    synced,
    running: () => running,
    close() {
      if (closed) return;
      closed = true;
      try {
        fdatasyncSync(file);
      } catch (error) {
        disk.fail(error);
      }
      if (running === undefined) closeSync(file);
    },
  };
}

interface DiskState extends Pick<Journal, "check" | "failed"> {
  readonly fail: (cause: unknown) => void;
}

function createDiskState(): DiskState {
  let failure: DiskFailure | undefined;
  let tell: ((failure: DiskFailure) => void) | undefined;
  return {
    failed: new Promise((resolve) => {
      tell = resolve;
    }),
    check() {
      if (failure) throw failure;
    },
    fail(cause) {
      failure ??= new DiskFailure(`The disk cannot be written to: ${String(cause)}; start the gateway again`, {
        cause,
      });
      tell?.(failure);
    },
  };
}
