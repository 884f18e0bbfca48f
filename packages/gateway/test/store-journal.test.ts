/** When the callers of the database hear that their work is done. */

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it, onTestFinished } from "vitest";

import { DiskFailure, type Journal, noJournal, openJournal } from "../src/store/journal.ts";
import { createTransactions } from "../src/store/transaction.ts";
import { createWriteQueue, type WriteQueue } from "../src/store/write-queue.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "umbel-journal-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A disk that answers when the test lets it. */
function heldJournal(): Journal & { readonly asked: () => number; readonly answer: () => void } {
  let asked = 0;
  let running: Promise<void> | undefined;
  let answer: (() => void) | undefined;
  return {
    ...noJournal,
    synced() {
      asked += 1;
      running = new Promise((resolve) => {
        answer = () => {
          running = undefined;
          resolve();
        };
      });
      return running;
    },
    running: () => running,
    asked: () => asked,
    answer: () => answer?.(),
  };
}

interface Bench {
  readonly queue: WriteQueue;
  readonly insert: (value: number) => void;
  readonly count: () => number;
}

function queueOn(journal: Journal): Bench {
  const sqlite = new DatabaseSync(":memory:");
  onTestFinished(() => sqlite.close());
  sqlite.exec("CREATE TABLE number (value INTEGER) STRICT");
  const insert = sqlite.prepare("INSERT INTO number VALUES (?)");
  const changes = sqlite.prepare("SELECT total_changes() AS changes");
  const transactions = createTransactions(sqlite);
  return {
    queue: createWriteQueue({ transactions, journal, changes: () => Number(changes.get()?.["changes"]) }),
    insert: (value) => void insert.run(value),
    count: () => Number(sqlite.prepare("SELECT count(*) AS count FROM number").get()?.["count"]),
  };
}

/** What the promise has come to so far, after all that is due now has happened. */
async function stateOf(promise: Promise<unknown>): Promise<"open" | "resolved" | "rejected"> {
  const turn = new Promise<"open">((resolve) => setImmediate(() => setImmediate(() => resolve("open"))));
  return await Promise.race([
    promise.then(
      () => "resolved" as const,
      () => "rejected" as const,
    ),
    turn,
  ]);
}

describe("a write", () => {
  it("is done when the disk has answered, and one that need only be applied is when it is committed", async () => {
    const journal = heldJournal();
    const { queue, insert, count } = queueOn(journal);

    const written = queue.write(() => insert(1));
    const applied = queue.apply(() => insert(2));

    expect(await stateOf(applied)).toBe("resolved");
    expect([await stateOf(written), count()]).toEqual(["open", 2]);
    journal.answer();
    expect(await stateOf(written)).toBe("resolved");
  });

  it("that only reads waits for what it may have seen, and for nothing when all is on the disk", async () => {
    const journal = heldJournal();
    const { queue, insert, count } = queueOn(journal);
    await queue.apply(() => insert(1));

    const early = queue.write(count);
    expect([await stateOf(early), journal.asked()]).toEqual(["open", 1]);
    journal.answer();
    expect(await early).toBe(1);
    expect(await queue.write(count)).toBe(1);
    expect(journal.asked()).toBe(1);
  });

  it("that comes while the disk is waited for is done with all others that do, after that", async () => {
    const journal = heldJournal();
    const { queue, insert, count } = queueOn(journal);
    const first = queue.write(() => insert(1));
    expect(await stateOf(first)).toBe("open");

    const others = [queue.write(() => insert(2)), queue.apply(() => insert(3)), queue.write(() => insert(4))];
    expect([await stateOf(Promise.any(others)), count()]).toEqual(["open", 1]);
    journal.answer();

    expect([await stateOf(first), await stateOf(Promise.any(others)), count()]).toEqual(["resolved", "resolved", 4]);
    journal.answer();
    expect([await stateOf(Promise.all(others)), journal.asked()]).toEqual(["resolved", 2]);
  });

  it("that shares its transaction with one that throws stands, and the other is told why", async () => {
    const { queue, insert, count } = queueOn(noJournal);
    const thrown = new Error("no");

    const broken = queue.write(() => {
      insert(1);
      throw thrown;
    });
    const sound = queue.write(() => insert(2));

    await expect(broken).rejects.toBe(thrown);
    await sound;
    expect(count()).toBe(1);
  });

  it("is refused from the moment on in which the disk fails, also what need only be applied", async () => {
    let failure: DiskFailure | undefined;
    const check = (): void => {
      if (failure) throw failure;
    };
    const { queue, insert, count } = queueOn({ ...noJournal, check, synced: () => Promise.resolve(check()) });
    await queue.write(() => insert(1));
    failure = new DiskFailure("gone");

    await expect(queue.write(() => insert(2))).rejects.toThrow("gone");
    await expect(queue.apply(() => insert(3))).rejects.toThrow("gone");
    expect(count()).toBe(1);
  });
});

describe("a journal", () => {
  it("is put on the disk anew for who asks while that is being done", async () => {
    const path = join(folder(), "some.db");
    writeFileSync(`${path}-wal`, "");
    const syncs: (() => void)[] = [];
    const journal = openJournal(path, (_file, done) => void syncs.push(() => done(null)));
    const begun = (): number => syncs.length;

    const first = journal.synced();
    const second = journal.synced();
    expect([begun(), await stateOf(first)]).toEqual([1, "open"]);
    syncs[0]?.();
    expect([await stateOf(first), await stateOf(second), begun()]).toEqual(["resolved", "open", 2]);
    syncs[1]?.();
    expect([await stateOf(second), journal.running()]).toEqual(["resolved", undefined]);
    journal.close();
  });

  it("that is closed while it is being put on the disk is there for all who have asked", async () => {
    const path = join(folder(), "some.db");
    writeFileSync(`${path}-wal`, "");
    const journal = openJournal(path);

    const asked = [journal.synced(), journal.synced()];
    journal.close();
    journal.close();

    await expect(Promise.all(asked)).resolves.toHaveLength(2);
  });

  it("promises nothing any more once a sync has failed", async () => {
    const path = join(folder(), "some.db");
    // Something that can be opened, and not be synced.
    symlinkSync("/dev/null", `${path}-wal`);
    const journal = openJournal(path);

    await expect(journal.synced()).rejects.toThrow(/disk cannot be written to: .*EINVAL.*start the gateway again/s);
    await expect(journal.synced()).rejects.toThrow(DiskFailure);
    expect(() => journal.check()).toThrow(DiskFailure);
    expect(await journal.failed).toBeInstanceOf(DiskFailure);
    journal.close();
  });
});
