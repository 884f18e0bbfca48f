import { describeScheduleStore } from "@umbel/conformance";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { sqlSchedules } from "../src/sql-schedules.ts";

describeScheduleStore("sql", () => ({
  store: sqlSchedules(new DatabaseSync(":memory:")),
  moment: 0.05,
  pass: async (seconds) => await setTimeout(seconds * 1000),
}));

describe("a store in a SQL database", () => {
  it("finds its entries again when it is opened again", async () => {
    const database = new DatabaseSync(":memory:");
    const entry = { version: "1", text: "{}", next: 1 };
    await sqlSchedules(database).change({ app: "shop", changes: [{ name: "a", entry }], plan: "p" });

    const due = await sqlSchedules(database).due({ app: "shop", within: 0, limit: 1 });

    expect(due).toMatchObject({ plan: "p", entries: [{ name: "a", ...entry }] });
  });

  it("is unavailable, and says why, where the database is", async () => {
    const database = new DatabaseSync(":memory:");
    const store = sqlSchedules(database);
    database.close();

    const asked = store.due({ app: "shop", within: 0, limit: 1 });

    await expect(asked).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE", message: "sql: database is not open" });
  });
});
