/**
 * No list, and no cancelling by filter, reads all messages or all dead letters: what is asked for is found by an index, or read
 * until the page is full. SQLite plans by the indexes alone, not by the rows, as long as nobody has it count them (ANALYZE).
 */

import { expect, it } from "vitest";

import { type Database, openDatabase } from "../src/store/database.ts";
import { startGateway } from "./push-harness.ts";

const label = "SEARCH label USING PRIMARY KEY (label=?)";
const path = "message_path (path=?";
const ids = "sqlite_autoindex_message_1 (id=?";

it.each([
  ["GET /v2/events", "SEARCH message USING INTEGER PRIMARY KEY (rowid<?)"],
  ["GET /v2/events?label=a", label],
  ["GET /v2/events?label=a&state=CREATED", label],
  ["GET /v2/events?state=CREATED", "message_state (state=? AND rowid<?)"],
  ["GET /v2/events?state=IN_PROGRESS", "message_state (state=? AND rowid<?)"],
  ["GET /v2/events?url=http://a.test/b", path],
  ["GET /v2/events?path=/b", path],
  ["GET /v2/events?path=/b&path=/c", path],
  ["GET /v2/events?host=a.test", "message_host (host=? AND rowid<?)"],
  ["GET /v2/events?fromDate=1", "message_created_at (created_at>?)"],
  ["GET /v2/events?toDate=1", "message_created_at (created_at<?)"],
  ["GET /v2/events?queueName=a", "message_queue (lane=? AND rowid<?)"],
  ["GET /v2/events?flowControlKey=a", "message_flow (lane=? AND rowid<?)"],
  ["GET /v2/events?messageIds=a&messageIds=b", ids],
  ["DELETE /v2/messages?label=a", label],
  ["DELETE /v2/messages?url=http://a.test/b", path],
  ["DELETE /v2/messages?messageIds=a&messageIds=b", ids],
  ["DELETE /v2/messages?flowControlKey=a", "message_flow (lane=?)"],
  ["GET /v2/dlq?label=a", "SEARCH dead_letter USING INDEX sqlite_autoindex_dead_letter_1 (message=?"],
  ["GET /v2/dlq?messageId=a", "SEARCH dead_letter USING INDEX sqlite_autoindex_dead_letter_1 (message=?"],
  ["GET /v2/dlq?responseStatus=500", "dead_letter_status (status=? AND rowid>?)"],
  ["GET /v2/dlq?fromDate=1&toDate=2", "dead_letter_failed_at (failed_at>? AND failed_at<?)"],
  ["GET /v2/dlq?url=http://a.test/b", "SEARCH dead_letter USING INTEGER PRIMARY KEY (rowid>?)"],
])("%s", async (request, index) => {
  const [method = "", target = ""] = request.split(" ");
  const { database, statements } = watched();
  const { call } = await startGateway({ database });
  statements.length = 0;

  const { status } = await call(method, target);

  const plan = statements.flatMap((sql) => database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
  const details = plan.map((row) => String(row["detail"]));
  expect(status).toBe(200);
  expect(details).toContainEqual(expect.stringContaining(index));
  expect(details.filter((detail) => /SCAN (message|dead_letter|label)\b/.test(detail))).toEqual([]);
});

/** A database that keeps what it is asked. */
function watched(): { readonly database: Database; readonly statements: string[] } {
  const statements: string[] = [];
  const database = openDatabase(":memory:");
  function prepare(sql: string): ReturnType<Database["prepare"]> {
    if (!sql.startsWith("EXPLAIN")) statements.push(sql);
    return database.prepare(sql);
  }
  return { database: { ...database, prepare }, statements };
}
