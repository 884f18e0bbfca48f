/**
 * The order in which works on the database are done, and when their callers hear of it.
 *
 * @module
 */

import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";
import { type Transactions, TransactionUndone } from "./transaction.ts";

/** Does works, those that arrive together in one transaction. */
export interface WriteQueue extends Pick<Database, "write" | "apply" | "applyLast"> {
  /** Does now what waits. */
  readonly flush: () => void;
}

/** What the queue works with. */
export interface WriteQueueParts {
  readonly transactions: Transactions;
  readonly journal: Journal;
  /** How many rows have been changed so far. */
  readonly changes: () => number;
}

/** A work that waits for its transaction. */
interface Waiting {
  /** Does the work and keeps what it returned. */
  readonly run: () => void;
  /** Tells the caller, after the commit. */
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** Whether the caller hears of it only when it is on the disk. */
  readonly isDurable: boolean;
}

/** Creates an empty queue. */
export function createWriteQueue({ transactions, journal, changes }: WriteQueueParts): WriteQueue {
  const settle = createSettlement({ journal, changes });
  let waiting: Waiting[] = [];
  let waitingLast: Waiting[] = [];

  function add<T>(work: () => T, { isDurable, last }: { isDurable: boolean; last: boolean }): Promise<T> {
    return new Promise((resolve, reject) => {
      if (waiting.length + waitingLast.length === 0) schedule();
      (last ? waitingLast : waiting).push(waitingFor(work, { resolve, reject, isDurable }));
    });
  }

  /**
   * After the input and output of this turn of the event loop, so that what arrived together is committed together; while
   * the disk is waited for, after that: nothing new would be on it any sooner.
   */
  function schedule(): void {
    const running = journal.running();
    if (running === undefined) setImmediate(flush);
    else void running.then(flush);
  }

  function flush(): void {
    const batch = [...waiting, ...waitingLast];
    waiting = [];
    waitingLast = [];
    if (batch.length === 0) return;
    try {
      journal.check();
      void settle(transactions.whole(() => batch.filter((each) => isDone(transactions, each))));
    } catch (error) {
      for (const each of batch) each.reject(error);
    }
  }

  return {
    write: (work) => add(work, { isDurable: true, last: false }),
    apply: (work) => add(work, { isDurable: false, last: false }),
    applyLast: (work) => add(work, { isDurable: false, last: true }),
    flush,
  };
}

/** Tells the callers of works that have been committed. */
function createSettlement({ journal, changes }: Omit<WriteQueueParts, "transactions">) {
  /** How many of the changes are known to be on the disk. */
  let safe = changes();

  return async (done: readonly Waiting[]): Promise<void> => {
    for (const each of done) if (!each.isDurable) each.resolve();
    const durable = done.filter((each) => each.isDurable);
    const wanted = changes();
    try {
      // Whoever only read waits too: what it saw may be of a work that waits.
      if (durable.length > 0 && wanted > safe) {
        await journal.synced();
        safe = Math.max(safe, wanted);
      }
      for (const each of durable) each.resolve();
    } catch (error) {
      for (const each of durable) each.reject(error);
    }
  };
}

interface Caller<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
  readonly isDurable: boolean;
}

function waitingFor<T>(work: () => T, { resolve, reject, isDurable }: Caller<T>): Waiting {
  let tell: (() => void) | undefined;
  return {
    run() {
      const value = work();
      tell = () => resolve(value);
    },
    resolve: () => tell?.(),
    reject,
    isDurable,
  };
}

/** Does one work of a transaction, which the others survive when it throws. */
function isDone(transactions: Transactions, work: Waiting): boolean {
  try {
    transactions.part(() => work.run());
    return true;
  } catch (error) {
    if (error instanceof TransactionUndone) throw error;
    work.reject(error);
    return false;
  }
}
