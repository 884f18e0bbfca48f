/**
 * Sees one delivery through: sends the message, records how that went, says so in the log.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import type { Deliver } from "./delivery.ts";
import type { Answer, Message } from "./message.ts";
import type { MessageStore } from "./message-store.ts";
import { settle, type Settlement } from "./settlement.ts";

/** Milliseconds before a write that failed (the disk is full) is tried again. */
const writeRetry = 5000;

/** What an attempt works with. */
export interface AttemptOptions {
  readonly database: Database;
  readonly messages: MessageStore;
  readonly deliver: Deliver;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (line: string) => void;
  /** Aborted when nothing is to be recorded any more: what is under way then is made again at the next start. */
  readonly stop: AbortSignal;
}

/** Who is told of an attempt. */
export interface AttemptEnds {
  /** Called when the record of it waits to be written. */
  readonly ended: () => void;
  /** Called when that could only be written later. */
  readonly recordedLate: () => void;
}

/** Delivers a message. */
export type Attempt = (message: Message, ends: AttemptEnds) => Promise<void>;

/** Creates the attempt. */
export function createAttempt({ database, messages, deliver, now, log, stop }: AttemptOptions): Attempt {
  async function record(message: Message, answer: Answer, late: () => void): Promise<void> {
    if (stop.aborted) return;
    try {
      const settlement = await database.apply(() => settle(messages, { message, answer }, now()));
      const line = describe(message, answer, settlement);
      if (line !== undefined) log(line);
    } catch (error) {
      log(`cannot record the delivery of ${message.id}, trying again: ${String(error)}`);
      setTimeout(() => void record(message, answer, late).then(late), writeRetry);
    }
  }

  return async (message, { ended, recordedLate }) => {
    const recorded = record(message, await deliver(message), recordedLate);
    ended();
    await recorded;
  };
}

/** Nothing is said about what went well: it would be most of the log, and the receiver says it. */
function describe(message: Message, answer: Answer, settlement: Settlement): string | undefined {
  const { host, pathname } = new URL(message.draft.url);
  const reason = answer.status === 0 ? new TextDecoder().decode(answer.body) : `status ${answer.status}`;
  const what = `${message.id} to ${host}${pathname}: ${reason}`;
  switch (settlement.kind) {
    case "delivered":
      return undefined;
    case "retry":
      return `${what}, retry ${message.retried + 1} of ${message.draft.retries} in ${Number(settlement.wait.toFixed(2))} s`;
    case "failed":
      return `${what}, given up: dead letter ${settlement.deadLetterId}`;
    case "cancelled":
      return `${what}, cancelled meanwhile`;
  }
}
