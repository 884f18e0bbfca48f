/**
 * Takes the messages whose time has come, those of schedules included, and has them delivered.
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
import type { ScheduleStore } from "./schedule-store.ts";

/** Milliseconds before the database is asked again when it failed (the disk is full). */
const claimRetry = 5000;

/** What the dispatcher works with. */
export interface DispatcherOptions {
  readonly database: Database;
  readonly messages: MessageStore;
  readonly claim: ClaimDue;
  readonly schedules: ScheduleStore;
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

/** What a look has found; `nextSchedule` is when the next schedule is due. */
interface Found extends Claim {
  readonly nextSchedule: number;
}

/** Creates a dispatcher; it does nothing before `start`. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { database, now, log, stop } = options;
  const alarm = createAlarm(wake, stop);
  let started = false;
  let looking = false;
  let last: Found | undefined;

  function wake(): void {
    if (!started || looking || stop.aborted) return;
    looking = true;
    if (last === undefined || last.nextSchedule <= now()) prepare(options, last).then(ask, retryLater);
    else ask();
  }

  function ask(): void {
    database.applyLast(look).then(dispatch, retryLater);
  }

  function look(): Found {
    looking = false;
    return find(options, last);
  }

  function dispatch(found: Found): void {
    last = found;
    for (const message of found.messages) deliver(options, message, wake);
    alarm(Math.min(found.next ?? Infinity, found.nextSchedule) - now());
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

/**
 * Has schedules send what is due. Nobody sends it again, as a publisher would who was not answered: it is on the disk
 * before it is looked for. At a start, what a crash has left comes first, ahead of all that is published from then on.
 */
async function prepare(
  { database, messages, schedules, now, log }: DispatcherOptions,
  last: Found | undefined,
): Promise<void> {
  const problems = await database.write(() => {
    if (last === undefined) messages.recover(now());
    return schedules.trigger(now());
  });
  for (const problem of problems) log(problem);
}

/** Takes what is due. `last` is what the last look found. */
function find(options: DispatcherOptions, last: Found | undefined): Found {
  const { claim, schedules, open, concurrency, now, stop } = options;
  // What is taken now would be begun after the end.
  const claimed = claim(now(), stop.aborted ? 0 : concurrency - open.count(), last?.crowded ?? true);
  return { ...claimed, nextSchedule: schedules.next() ?? Infinity };
}

function deliver({ open, attempt }: DispatcherOptions, message: Message, wake: () => void): void {
  open.begin(message);
  function ended(): void {
    open.end(message);
    wake();
  }
  void attempt(message, { ended, recordedLate: wake });
}

/** One timer: set again, it forgets what it was set to; `Infinity` is never. */
function createAlarm(ring: () => void, stop: AbortSignal): (milliseconds: number) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  stop.addEventListener("abort", () => clearTimeout(timer));

  return (milliseconds) => {
    clearTimeout(timer);
    if (milliseconds === Infinity || stop.aborted) return;
    timer = setTimeout(ring, Math.max(0, Math.min(longestTimer, milliseconds)));
  };
}
