import { expect, it } from "vitest";

import { openServices } from "../src/push/services.ts";
import { type Database, openDatabase } from "../src/store/database.ts";

/** Has only what is being delivered: to read all of it is to read little. */
const allowed = /USING (COVERING )?INDEX message_open/;

it("no statement that is prepared once reads all messages, dead letters, labels or deduplication keys", () => {
  const database = openDatabase(":memory:");
  const statements: string[] = [];
  const watched: Database = {
    ...database,
    prepare(sql) {
      statements.push(sql);
      return database.prepare(sql);
    },
  };
  openServices({
    database: watched,
    signingKeys: { current: "a", next: "b" },
    newId: () => "id",
    deadLetterRetention: 1,
  });

  const scans = statements.flatMap((sql) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row["detail"]))
      .filter((detail) => /^SCAN (message|dead_letter|label|deduplication)/.test(detail) && !allowed.test(detail))
      .map((detail) => `${detail}: ${sql}`),
  );

  expect(statements.length).toBeGreaterThan(20);
  expect(scans).toEqual([]);
});
