/**
 * Takes the messages whose time has come and has them delivered.
 *
 * It costs nothing while nothing is due: it looks when it is woken (something was published, a delivery has ended) and
 * when its one timer says so. Stopping it is the same as a crash: what was under way is due again at the next start.
 *
 * @module
 */

import { longestTimer } from "@umbel/protocol";

import type { Database } from "../store/database.ts";
import type { Attempt } from "./attempt.ts";
import type { Claim, ClaimDue } from "./claim.ts";
import type { Message } from "./message.ts";
import type { MessageStore } from "./message-store.ts";
import type { OpenDeliveries } from "./open-deliveries.ts";

/** Milliseconds before the database is asked again when it failed (the disk is full). */
const claimRetry = 5000;

/** What the dispatcher works with. */
export interface DispatcherOptions {
  readonly database: Database;
  readonly messages: MessageStore;
  readonly claim: ClaimDue;
  readonly attempt: Attempt;
  readonly open: OpenDeliveries;
  /** Most deliveries at once. */
  readonly concurrency: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly stop: AbortSignal;
}

/** Delivers what is due, from `start` until its signal aborts. */
export interface Dispatcher {
  /** Makes due again what a crash interrupted, and begins. */
  readonly start: () => void;
  /** Looks for due messages, in the transaction of the writes that are waiting already, and after them. */
  readonly wake: () => void;
}

/** Creates a dispatcher; it does nothing before `start`. */
export function createDispatcher({ database, messages, claim, attempt, ...options }: DispatcherOptions): Dispatcher {
  const { open, concurrency, now, log, stop } = options;
  const alarm = createAlarm(wake, stop);
  let started = false;
  let looking = false;
  let last: Claim | undefined;

  function wake(): void {
    if (!started || looking || stop.aborted) return;
    looking = true;
    database.applyLast(look).then(dispatch, retryLater);
  }

  function look(): Claim {
    looking = false;
    if (last === undefined) messages.recover(now());
    // What is taken now would be begun after the end.
    return claim(now(), stop.aborted ? 0 : concurrency - open.count(), last?.crowded ?? true);
  }

  function dispatch(found: Claim): void {
    last = found;
    for (const message of found.messages) {
      open.begin(message);
      void attempt(message, { ended: () => end(message), recordedLate: wake });
    }
    alarm(found.next === undefined ? undefined : Math.max(0, found.next - now()));
  }

  function end(message: Message): void {
    open.end(message);
    wake();
  }

  function retryLater(error: unknown): void {
    looking = false;
    log(`cannot read what is due, trying again: ${String(error)}`);
    alarm(claimRetry);
  }

  function start(): void {
    started = true;
    wake();
  }

  return { start, wake };
}

/** One timer: set again, it forgets what it was set to; `undefined` is never. */
function createAlarm(ring: () => void, stop: AbortSignal): (milliseconds: number | undefined) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  stop.addEventListener("abort", () => clearTimeout(timer));

  return (milliseconds) => {
    clearTimeout(timer);
    if (milliseconds === undefined || stop.aborted) return;
    timer = setTimeout(ring, Math.min(longestTimer, milliseconds));
  };
}
