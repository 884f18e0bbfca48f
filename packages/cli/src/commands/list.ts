/**
 * `umbel list`: what an application has.
 *
 * @module
 */

import type { Command } from "commander";
import type { Umbel } from "umbel";
import { examplesOf } from "../examples.ts";
import { type Session, sessionOf } from "../session.ts";
import { tableOf } from "../table.ts";

/** Adds the commands. */
export function addList(program: Command): void {
  const list = program
    .command("list")
    .description("what the application has: its tasks, and its queues")
    .helpCommand(false)
    .addHelpText("after", examplesOf("-A ./tasks.ts list tasks", "-A ./tasks.ts list queues --json"));
  list
    .command("tasks")
    .description("its tasks, with the options that they have of their own")
    .addHelpText("after", examplesOf("-A ./tasks.ts list tasks", "-A ./tasks.ts list tasks --json"))
    .action(async (_flags: object, command: Command) => {
      await show(
        sessionOf(command),
        ["TASK", "QUEUE", "RATE LIMIT", "TIME LIMIT", "SOFT TIME LIMIT", "OPTIONS"],
        tasksOf,
      );
    });
  list
    .command("queues")
    .alias("bindings")
    .description("its queues, and where the broker pushes what is in them")
    .addHelpText("after", examplesOf("-A ./tasks.ts list queues", "-A ./tasks.ts list queues --json"))
    .action(async (_flags: object, command: Command) => {
      await show(sessionOf(command), ["QUEUE", "WORKER", "PRIORITY", "RATE LIMIT", "PARALLELISM"], queuesOf);
    });
}

/** What there is to say of something; null where nothing is. */
type Row = Readonly<Record<string, unknown>>;

async function show(
  { load, terminal, isJson }: Session,
  headings: readonly string[],
  rowsOf: (app: Umbel) => readonly Row[] | Promise<readonly Row[]>,
): Promise<void> {
  const { app } = await load();
  const rows = await rowsOf(app);
  if (isJson) return terminal.print(JSON.stringify(rows));
  const cells = rows.map((row) => Object.values(row).map(textOf));
  const shown = headings.map((_, column) => column === 0 || cells.some((row) => row[column] !== "-"));
  const table = tableOf(
    headings.filter((_, column) => shown[column]),
    cells.map((row) => row.filter((_, column) => shown[column])),
    terminal.paint,
  );
  for (const line of rows.length === 0 ? ["There are none."] : table) terminal.print(line);
}

function tasksOf({ tasks }: Umbel): readonly Row[] {
  const all = [...tasks.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return all.map(({ options }) => {
    const { name, queue = null, rateLimit = null, timeLimit = null, softTimeLimit = null, ...others } = options;
    return { name, queue, rateLimit, timeLimit, softTimeLimit, options: givenOf(others) };
  });
}

/** Options that were given; of a class or a function its name. Null where none was. */
function givenOf(options: Row): Row | null {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.length === 0 ? null : Object.fromEntries(given.map(([name, value]) => [name, named(value)]));
}

function named(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(named);
  return typeof value === "function" ? value.name : value;
}

async function queuesOf(app: Umbel): Promise<readonly Row[]> {
  const { knownQueues } = await import("../application/known-queues.ts");
  const { broker } = app;
  return knownQueues(app).map((name) => {
    const { priority = null, rateLimit = null, parallelism = null } = app.conf.taskQueues?.[name] ?? {};
    return { name, worker: broker.targetOf?.(name) ?? null, priority, rateLimit, parallelism };
  });
}

function textOf(value: unknown): string {
  if (value === null) return "-";
  return typeof value === "string" ? value : JSON.stringify(value);
}
