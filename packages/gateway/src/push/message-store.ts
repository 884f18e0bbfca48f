/**
 * Keeps the messages. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import type { DeadLetterStore } from "./dead-letter-store.ts";
import { isQueueLane } from "./lane.ts";
import type { LaneStore } from "./lane-store.ts";
import type { Draft, Message, Submission } from "./message.ts";
import { createMessageMoves, type MessageMoves } from "./message-moves.ts";
import { messageIn } from "./message-row.ts";
import { createSubmissions } from "./submissions.ts";

/** What a publisher is told. */
export interface Receipt {
  /** The first one's, when this submission was one already there. */
  readonly messageId: string;
  readonly deduplicated: boolean;
}

/** The messages, for those who hand them in and those who deliver them. */
export interface MessageStore extends MessageMoves {
  /** Keeps a message, unless an earlier one that was not cancelled has the same deduplication key; `now` is in milliseconds since 1970. */
  accept(submission: Submission, now: number): Receipt;
  /** A message that is not yet delivered, failed or cancelled. */
  pending(id: string): Message | undefined;
}

/** What the store of messages stands on. */
export interface MessageStoreParts {
  readonly lanes: LaneStore;
  readonly deadLetters: DeadLetterStore;
  readonly newId: () => string;
}

/** Creates the store over tables that exist. */
export function createMessageStore(database: Database, { lanes, deadLetters, newId }: MessageStoreParts): MessageStore {
  const insert = inserter(database);
  const submissions = createSubmissions(database);
  const pending = database.prepare("SELECT * FROM message WHERE id = ? AND state <> 'FAILED'");

  return {
    ...createMessageMoves(database, { lanes, deadLetters, submissions }),
    accept(submission, now) {
      const first = submissions.find(submission.deduplicationKey, now);
      if (first !== undefined) return { messageId: first, deduplicated: true };
      const id = newId();
      const notBefore = notBeforeOf(submission.draft, now);
      // An instant in the past would overtake what waits in the same queue.
      const due = Math.max(now, notBefore);
      insert({ id, lane: lanes.open(submission.draft, due, now), submission, due, notBefore, now });
      submissions.remember(submission.deduplicationKey, id, now);
      return { messageId: id, deduplicated: false };
    },
    pending(id) {
      const row = pending.get(id);
      return row === undefined ? undefined : messageIn(row);
    },
  };
}

interface Insertion {
  readonly id: string;
  readonly lane: string;
  readonly submission: Submission;
  readonly due: number;
  readonly notBefore: number;
  readonly now: number;
}

function notBeforeOf({ notBefore, delay }: Draft, now: number): number {
  return notBefore ?? Math.round(now + delay * 1000);
}

function inserter(database: Database): (insertion: Insertion) => void {
  const message = database.prepare(`
    INSERT INTO message (id, state, lane, due, created_at, not_before, host, path, caller_ip, held_lane, source, draft, body)
    VALUES ($id, 'CREATED', $lane, $due, $now, $notBefore, $host, $path, $callerIp, $heldLane, $source, $draft, $body)`);
  const label = database.prepare("INSERT INTO label (label, message) VALUES (?, ?) ON CONFLICT DO NOTHING");

  return ({ id, lane, submission, due, notBefore, now }) => {
    const { draft, source, body, callerIp = null } = submission;
    const { host, pathname: path } = new URL(draft.url);
    const held = source !== undefined && isQueueLane(source.lane) ? source : undefined;
    const holding = { heldLane: held?.lane ?? null, source: held?.id ?? null };
    const row = { id, lane, due, now, notBefore, host, path, callerIp, ...holding, draft: JSON.stringify(draft), body };
    const { lastInsertRowid } = message.run(row);
    for (const each of draft.labels) label.run(each, lastInsertRowid);
  };
}
