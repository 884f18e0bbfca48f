/**
 * The moves of a message from state to state. To be called inside `Database.write`.
 *
 * Each has a name, happens only where the table in message-state.ts allows it, and answers whether it did.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { integerIn, optionalTextIn, type Row, textIn } from "../store/row.ts";
import type { DeadLetterStore } from "./dead-letter-store.ts";
import type { Condition } from "./filter.ts";
import type { LaneStore } from "./lane-store.ts";
import type { Answer, Message } from "./message.ts";
import { messageIn } from "./message-row.ts";
import { hasBegun, mayBecome, type MessageState } from "./message-state.ts";
import type { Submissions } from "./submissions.ts";

/** The moves. Instants are milliseconds since 1970. */
export interface MessageMoves {
  /** Begins a delivery. */
  active(id: string): Message | undefined;
  /** Ends the message: it is deleted; the schedule whose last it is knows of it. */
  delivered(message: Message): boolean;
  /** Waits for the next delivery; the answer to the last one is kept for the logs. */
  retrying(id: string, due: number, answer: Answer): boolean;
  /** Makes the message a dead letter and returns that one's id. */
  failed(id: string, answer: Answer, now: number): string | undefined;
  /** Ends a message that waits, or whose cancelled delivery has failed: it is deleted. */
  cancelled(id: string): boolean;
  /** A delivery has ended, whatever came of it: what waits for room in its lanes may go on. */
  ended(message: Message): void;
  /** The numbers of the messages that fit. */
  fitting(condition: Condition): readonly number[];
  /**
   * Cancels what fits, of these numbers; a message in the middle of a delivery is only not sent again. Returns how many.
   * What undoes a work is kept in memory, about a kilobyte a message: of many, a portion a work.
   */
  cancelAll(condition: Condition, numbers?: readonly number[]): number;
  /** After a crash: what was being delivered is due again. Returns how many. */
  recover(now: number): number;
}

/** What the moves stand on. */
export interface MovesParts {
  readonly lanes: LaneStore;
  readonly deadLetters: DeadLetterStore;
  readonly submissions: Pick<Submissions, "forget">;
}

/** Bytes of an answer's body that the logs show of it. */
export const keptOfAnswer = 1000;

/** Creates the moves over tables that exist. */
export function createMessageMoves(database: Database, parts: MovesParts): MessageMoves {
  const { lanes, deadLetters } = parts;
  const activate = database.prepare(`${move("ACTIVE", "due = NULL")} RETURNING *`);
  const retry = database.prepare(
    `${move("RETRY", "due = ?2, retried = retried + 1, answer_status = ?3, answer_headers = ?4, answer_body = ?5")} RETURNING lane`,
  );
  const noAnswer = "answer_status = NULL, answer_headers = NULL, answer_body = NULL";
  const fail = database.prepare(`${move("FAILED", `due = NULL, held_lane = NULL, ${noAnswer}`)} RETURNING seq`);
  const deliver = database.prepare(`DELETE FROM message WHERE id = ? AND ${mayBecome("DELIVERED")}`);
  const succeed = database.prepare("UPDATE schedule SET last_succeeded = 1 WHERE id = ? AND last_message = ?");
  const cancel = database.prepare(
    `DELETE FROM message WHERE id = ? AND ${mayBecome("CANCELLED")} RETURNING id, created_at`,
  );

  return {
    active(id) {
      const row = activate.get(id);
      return row && messageIn(row);
    },
    delivered({ id, draft }) {
      const isDelivered = deliver.run(id).changes === 1;
      if (isDelivered && draft.scheduleId !== undefined) succeed.run(draft.scheduleId, id);
      return isDelivered;
    },
    retrying(id, due, { status, headers, body }) {
      const row = retry.get(id, due, status, JSON.stringify(headers), body.subarray(0, keptOfAnswer));
      if (row !== undefined) lanes.expect(textIn(row, "lane"), due);
      return row !== undefined;
    },
    failed(id, answer, now) {
      const row = fail.get(id);
      return row === undefined ? undefined : deadLetters.add(integerIn(row, "seq"), answer, now);
    },
    cancelled: (id) => forget(parts, cancel.all(id)) === 1,
    ended: ({ lane, holds }) => lanes.ended(holds === undefined ? [lane] : [lane, holds]),
    fitting: (condition) => fitting(database, condition),
    cancelAll: (condition, numbers = fitting(database, condition)) =>
      cancelAll(database, parts, { condition, numbers }),
    recover: (now) => recover(database, parts, now),
  };
}

function move(state: MessageState, changes: string): string {
  return `UPDATE message SET state = '${state}', ${changes} WHERE id = ?1 AND ${mayBecome(state)}`;
}

function fitting(database: Database, { sql, values }: Condition): readonly number[] {
  const rows = database.prepare(`SELECT message.seq FROM message WHERE ${sql}`).all(...values);
  return rows.map((row) => integerIn(row, "seq"));
}

interface Chosen {
  /** Asked once more: a number may be another message's by now. */
  readonly condition: Condition;
  readonly numbers: readonly number[];
}

function cancelAll(database: Database, parts: MovesParts, { condition, numbers }: Chosen): number {
  const chosen = `message.seq IN (SELECT value FROM json_each(?)) AND (${condition.sql})`;
  const values = [JSON.stringify(numbers), ...condition.values];
  const waiting = database.prepare(
    `DELETE FROM message WHERE ${chosen} AND due IS NOT NULL AND ${mayBecome("CANCELLED")} RETURNING id, created_at, lane, held_lane`,
  );
  const active = database.prepare(
    `UPDATE message SET state = 'CANCEL_REQUESTED' WHERE ${chosen} AND ${hasBegun} AND ${mayBecome("CANCEL_REQUESTED")}`,
  );
  const cancelled = waiting.all(...values);
  parts.lanes.release(
    new Set(cancelled.flatMap((row) => [textIn(row, "lane"), optionalTextIn(row, "held_lane") ?? []].flat())),
  );
  return forget(parts, cancelled) + Number(active.run(...values).changes);
}

/** Returns how many they are. */
function forget({ submissions }: MovesParts, cancelled: readonly Row[]): number {
  submissions.forget(cancelled.map((row) => ({ id: textIn(row, "id"), createdAt: integerIn(row, "created_at") })));
  return cancelled.length;
}

function recover(database: Database, parts: MovesParts, now: number): number {
  const stopped = database
    .prepare(`DELETE FROM message WHERE ${hasBegun} AND state = 'CANCEL_REQUESTED' RETURNING id, created_at`)
    .all();
  forget(parts, stopped);
  const resumed = database
    // Before what came later.
    .prepare(
      `UPDATE message SET state = 'RETRY', due = MIN(?, MAX(created_at, not_before)) WHERE ${hasBegun} AND ${mayBecome("RETRY")}`,
    )
    .run(now);
  parts.lanes.recover();
  return Number(resumed.changes);
}
