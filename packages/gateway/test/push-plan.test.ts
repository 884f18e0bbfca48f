import { expect, it } from "vitest";

import { openServices } from "../src/push/services.ts";
import { type Database, openDatabase } from "../src/store/database.ts";

/** Statements that read all lanes or schedules: at an operator's wish. */
const seldom = /(AS (queue|flow),.* ORDER BY name|FROM schedule ORDER BY seq)$/s;

it("no statement that is prepared once is compiled twice, or reads all messages, dead letters, labels, deduplication keys, lanes or schedules", () => {
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

  const scans = statements
    .filter((sql) => !seldom.test(sql))
    .flatMap((sql) =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => String(row["detail"]))
        .filter((detail) => /^SCAN (message|dead_letter|label|deduplication|lane|schedule)/.test(detail))
        .map((detail) => `${detail}: ${sql}`),
    );

  expect(statements.length).toBeGreaterThan(20);
  expect(scans).toEqual([]);
  // Such a statement is compiled anew at each run: see store/limit.ts.
  expect(statements.filter((sql) => /LIMIT \?(?! \+ 0)/.test(sql))).toEqual([]);
});
