/**
 * Keeps the messages that failed for good, until someone retries or deletes them. To be called inside `Database.write`.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { bytesIn, integerIn, type Row, textIn } from "../store/row.ts";
import { type Condition, deadLetterNumber, type Page } from "./filter.ts";
import type { Answer, DeadLetter } from "./message.ts";
import { messageIn } from "./message-row.ts";

/** Some dead letters; `cursor` asks for those after them, and is absent when there are none. */
export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  readonly cursor: string | undefined;
}

/** The dead letters. Instants are milliseconds since 1970. */
export interface DeadLetterStore {
  /** Adds the message with this number, and drops what is older than the retention. Returns its id. */
  add(message: number, answer: Answer, now: number): string;
  find(id: string): DeadLetter | undefined;
  list(condition: Condition, page: Page): DeadLetterPage;
  /** Deletes it with its message; whether it was there. */
  remove(id: string): boolean;
}

const joined =
  "SELECT message.*, dead_letter.seq AS number, failed_at, status, headers, dead_letter.body AS answer FROM dead_letter CROSS JOIN message ON message.seq = dead_letter.message";

/** What expires together, after an outage, is deleted bit by bit: more with each new one than comes. */
const prunedAtOnce = 1000;

/** Creates the store over tables that exist; dead letters are kept for `retention` seconds. */
export function createDeadLetterStore(database: Database, retention: number): DeadLetterStore {
  const insert = database.prepare(
    "INSERT INTO dead_letter (message, failed_at, status, headers, body) VALUES (?, ?, ?, ?, ?)",
  );
  const prune = database.prepare(
    `DELETE FROM message WHERE seq IN (SELECT message FROM dead_letter WHERE failed_at < ? ORDER BY failed_at LIMIT ${prunedAtOnce})`,
  );
  const find = database.prepare(`${joined} WHERE dead_letter.seq = ?`);
  const remove = database.prepare("DELETE FROM message WHERE seq = (SELECT message FROM dead_letter WHERE seq = ?)");

  return {
    add(message, answer, now) {
      prune.run(now - retention * 1000);
      const { lastInsertRowid } = insert.run(message, now, answer.status, JSON.stringify(answer.headers), answer.body);
      return deadLetterId(now, Number(lastInsertRowid));
    },
    find(id) {
      const row = find.get(deadLetterNumber(id));
      return row === undefined ? undefined : deadLetterIn(row);
    },
    list: (condition, page) => listPage(database, condition, page),
    remove: (id) => remove.run(deadLetterNumber(id)).changes === 1,
  };
}

function listPage(
  database: Database,
  { sql, values }: Condition,
  { count, cursor, latestFirst }: Page,
): DeadLetterPage {
  const [after, order] = latestFirst ? ["<", "DESC"] : [">", "ASC"];
  const start = cursor ?? (latestFirst ? Number.MAX_SAFE_INTEGER : 0);
  const select = database.prepare(
    `${joined} WHERE ${sql} AND dead_letter.seq ${after} ? ORDER BY dead_letter.seq ${order} LIMIT ?`,
  );
  // One more than is wanted tells whether there are more.
  const rows = select.all(...values, start, count + 1);
  const shown = rows.slice(0, count);
  const last = shown.at(-1);
  const more = rows.length > count && last !== undefined;
  return { letters: shown.map(deadLetterIn), cursor: more ? String(integerIn(last, "number")) : undefined };
}

function deadLetterIn(row: Row): DeadLetter {
  // Sound: only `add` writes this column, from an Answer.
  const headers: Answer["headers"] = JSON.parse(textIn(row, "headers"));
  return {
    id: deadLetterId(integerIn(row, "failed_at"), integerIn(row, "number")),
    message: messageIn(row),
    answer: { status: integerIn(row, "status"), headers, body: bytesIn(row, "answer") },
  };
}

function deadLetterId(failedAt: number, number: number): string {
  return `${failedAt}-${number}`;
}
