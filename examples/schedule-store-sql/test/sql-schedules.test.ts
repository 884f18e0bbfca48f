import { describeScheduleStore } from "@umbel/conformance";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
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

  it("undoes all of a call that fails half-way, and goes on", async () => {
    const database = new DatabaseSync(":memory:");
    const store = sqlSchedules(database);
    const entry = { version: "1", text: "{}" };
    database.exec(
      "CREATE TRIGGER refuse BEFORE INSERT ON umbel_entries WHEN NEW.name = 'b' BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    const changes = ["a", "b"].map((name) => ({ name, entry }));

    const refused = store.change({ app: "shop", changes, plan: "p" });

    await expect(refused).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE", message: "sql: full" });
    expect(await store.due({ app: "shop", within: 0, limit: 1 })).not.toHaveProperty("plan");
    expect(await store.entries({ app: "shop" })).toMatchObject({ entries: [] });
  });

  it("is unavailable while another process holds the database, and goes on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "umbel-sql-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [database, holder] = [openIn(folder), openIn(folder)];
    const store = sqlSchedules(database);
    holder.exec("BEGIN IMMEDIATE");

    const refused = store.entries({ app: "shop" });

    await expect(refused).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE", message: "sql: database is locked" });
    holder.exec("ROLLBACK");
    expect(await store.entries({ app: "shop" })).toMatchObject({ entries: [] });
  });
});

function openIn(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, "schedules.db"));
  onTestFinished(() => database.close());
  return database;
}
