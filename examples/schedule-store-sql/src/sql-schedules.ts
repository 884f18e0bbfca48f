/**
 * The entries of schedules in a SQL database: one table of entries, one of plans.
 *
 * It is written for `node:sqlite`, and to be copied for others: README.md says what changes.
 *
 * @module
 */

import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import { BackendUnavailable } from "umbel";
import type { EntryChange, ScheduleStore, StoredEntry } from "umbel/beat";

const schema = `
  CREATE TABLE IF NOT EXISTS umbel_entries (
    app TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    text TEXT NOT NULL,
    next INTEGER,
    PRIMARY KEY (app, name)
  );
  CREATE INDEX IF NOT EXISTS umbel_due ON umbel_entries (app, next, name) WHERE next IS NOT NULL;
  CREATE TABLE IF NOT EXISTS umbel_plans (app TEXT PRIMARY KEY, text TEXT NOT NULL);
`;

const sql = {
  clock: "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now",
  plan: "SELECT text FROM umbel_plans WHERE app = ?",
  due: "SELECT * FROM umbel_entries WHERE app = ? AND next <= ? ORDER BY next, name LIMIT ? OFFSET ?",
  // CROSS: the names lead. SQLite would rather go through all entries, and through all names for each of them.
  named:
    "SELECT entry.* FROM json_each(?) AS asked CROSS JOIN umbel_entries AS entry ON entry.app = ? AND entry.name = asked.value " +
    "ORDER BY asked.key",
  first: "SELECT * FROM umbel_entries WHERE app = ? ORDER BY name LIMIT ?",
  after: "SELECT * FROM umbel_entries WHERE app = ? AND name > ? ORDER BY name LIMIT ?",
  keepPlan: "INSERT INTO umbel_plans VALUES (?, ?) ON CONFLICT (app) DO UPDATE SET text = excluded.text",
  add: "INSERT INTO umbel_entries VALUES (?, ?, ?, ?, ?) ON CONFLICT (app, name) DO NOTHING",
  replace: "UPDATE umbel_entries SET version = ?, text = ?, next = ? WHERE app = ? AND name = ? AND version = ?",
  remove: "DELETE FROM umbel_entries WHERE app = ? AND name = ? AND version = ?",
  version: "SELECT version FROM umbel_entries WHERE app = ? AND name = ?",
} as const;

/** Asks the database; the rows of its answer. */
type Ask = (query: keyof typeof sql, ...values: readonly SQLInputValue[]) => readonly Row[];
type Row = Readonly<Record<string, SQLOutputValue>>;

/** Keeps the entries of any number of applications in a database, whose tables it creates. */
export function sqlSchedules(database: DatabaseSync): ScheduleStore {
  database.exec(schema);
  const ask: Ask = (query, ...values) => database.prepare(sql[query]).all(...values);
  const clock = (): number => Number(ask("clock")[0]?.["now"]);

  return {
    name: "sql",

    due: async ({ app, within, limit, skip = 0 }) =>
      await transaction(database, () => {
        const now = clock();
        const [plan] = ask("plan", app);
        const rows = ask("due", app, now + Math.round(within * 1000), limit + 1, skip);
        return { now, ...(plan && { plan: String(plan["text"]) }), ...pageOf(rows, limit) };
      }),

    entries: async ({ app, names, after, limit }) =>
      await transaction(database, () => {
        if (names) return { now: clock(), ...pageOf(ask("named", JSON.stringify(names), app)) };
        const most = limit === undefined ? -1 : limit + 1;
        const rows = after === undefined ? ask("first", app, most) : ask("after", app, after, most);
        return { now: clock(), ...pageOf(rows, limit) };
      }),

    change: async ({ app, changes, plan }) =>
      await transaction(database, () => {
        if (plan !== undefined) ask("keepPlan", app, plan);
        return { now: clock(), applied: changes.map((change) => apply(ask, app, change)) };
      }),
  };
}

/** Writes only over what was read. Whether the entry is as the change says shows afterwards, also where it had been made before. */
function apply(ask: Ask, app: string, { name, expected, entry }: EntryChange): boolean {
  if (!entry) ask("remove", app, name, expected ?? null);
  else if (expected === undefined) ask("add", app, name, entry.version, entry.text, entry.next ?? null);
  else ask("replace", entry.version, entry.text, entry.next ?? null, app, name, expected);
  return ask("version", app, name)[0]?.["version"] === entry?.version;
}

/** One entry more than the limit tells that there are more. */
function pageOf(
  rows: readonly Row[],
  limit = Infinity,
): { readonly entries: readonly StoredEntry[]; readonly more: boolean } {
  return { entries: rows.slice(0, limit).map(entryOf), more: rows.length > limit };
}

function entryOf({ name, version, text, next }: Row): StoredEntry {
  const entry = { name: String(name), version: String(version), text: String(text) };
  return next === null ? entry : { ...entry, next: Number(next) };
}

/** All of it or nothing. Throws `BackendUnavailable`, after which whoever called comes again. */
async function transaction<Answer>(database: DatabaseSync, work: () => Answer): Promise<Answer> {
  try {
    database.exec("BEGIN IMMEDIATE");
    const answer = work();
    database.exec("COMMIT");
    return answer;
  } catch (cause) {
    rollBack(database);
    throw new BackendUnavailable(`sql: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Not asked of `isTransaction`, which Node has only since 22.16: a transaction that is left open would fail all that follow. */
function rollBack(database: DatabaseSync): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // None had begun, or the database is closed: what went wrong is told already.
  }
}
