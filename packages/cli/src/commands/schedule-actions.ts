/**
 * What `umbel schedule` does: each function is a command.
 *
 * @module
 */

import { nearestName } from "@umbel/core";
import { beat, type ScheduleEntry, type Schedules, schedules } from "umbel/beat";
import { AnsweredError, CommandError } from "../failure.ts";
import { inUtc, inZone } from "../instant.ts";
import { many } from "../many.ts";
import type { Session } from "../session.ts";
import { tableOf } from "../table.ts";
import type { BackfillRange } from "./backfill-range.ts";
import { entryTable } from "./entry-table.ts";

/** Shows all entries. */
export async function list(session: Session): Promise<void> {
  const { terminal, isJson } = session;
  const { handle, inCode } = await open(session);
  const entries = await handle.list();
  if (isJson) return terminal.print(JSON.stringify(entries));
  for (const line of entryTable(entries, terminal)) terminal.print(line);
  const waiting = inCode.filter((name) => !entries.some((each) => each.name === name));
  if (waiting.length > 0) terminal.print(`From beat's first tick on: ${waiting.join(", ")}. ${howToTick}`);
}

/** Shows an entry's next runs. */
export async function next(session: Session, name: string, count: number): Promise<void> {
  const { terminal, isJson } = session;
  const { handle, entry } = await find(session, name);
  const { timezone } = entry;
  const runs = await handle.next(name, count);
  if (isJson) return terminal.print(JSON.stringify({ name, timezone, runs }));
  if (runs.length === 0) return terminal.print(`${name} has no run any more.`);
  const rows = runs.map((run) => [inUtc(run), inZone(run, timezone)]);
  for (const line of tableOf(["UTC", "ITS ZONE"], rows, terminal.paint)) terminal.print(line);
}

/** Runs an entry now. */
export async function trigger(session: Session, name: string): Promise<void> {
  const { handle } = await find(session, name);
  const { id } = await handle.trigger(name);
  say(session, { name, id }, `${name} is sent: ${id}`);
}

/** Pauses an entry. */
export async function pause(session: Session, name: string): Promise<void> {
  const { handle } = await find(session, name);
  say(session, await handle.pause(name), `${name} is paused`);
}

/** Lets a paused entry go on. */
export async function resume(session: Session, name: string): Promise<void> {
  const { handle } = await find(session, name);
  const entry = await handle.resume(name);
  say(session, entry, resumedLine(entry));
}

function resumedLine({ name, nextRun, ended }: ScheduleEntry): string {
  if (ended) return `${name} is paused no more, and has ended: it has no run any more`;
  if (nextRun === undefined) return `${name} goes on`;
  return `${name} goes on: next at ${inUtc(nextRun)}; what is due before beat's next tick is sent then`;
}

/** Removes an entry. */
export async function remove(session: Session, name: string): Promise<void> {
  const { handle } = await find(session, name);
  await handle.remove(name);
  say(session, { name, removed: true }, `${name} is removed`);
}

/** Sends the runs of a stretch of time. Throws `CommandError` when one of them could not be sent. */
export async function backfill(session: Session, name: string, range: BackfillRange): Promise<void> {
  const { terminal, isJson } = session;
  const { handle } = await find(session, name);
  const { runs, sent, dryRun } = await handle.backfill(name, range);
  if (isJson) terminal.print(JSON.stringify({ name, runs, sent, dryRun }));
  else {
    for (const { slot, id, error } of runs) terminal.print([inUtc(slot), id, error ?? ""].join("  ").trimEnd());
    terminal.print(dryRun ? `${many(runs.length, "run")} of ${name} would be sent` : sentLine(name, sent));
  }
  if (!dryRun && sent < runs.length)
    throw new AnsweredError(`${many(runs.length - sent, "run")} of ${name} could not be sent`);
}

function sentLine(name: string, sent: number): string {
  return `${many(sent, "run")} of ${name} ${sent === 1 ? "is" : "are"} sent`;
}

/** Entries, and the names of those that the code has. */
interface Opened {
  readonly handle: Schedules;
  readonly inCode: readonly string[];
}

/** The entries, those of code with all that only the code knows. */
async function open({ load }: Session): Promise<Opened> {
  const { app, beat: served } = await load();
  const inCode = await (served ?? beat(app, {}, { tickedBy: "platform" })).begin();
  return { handle: schedules(app), inCode };
}

/** One of them. Throws `CommandError` that names the entry that may be meant. */
async function find(session: Session, name: string): Promise<Opened & { readonly entry: ScheduleEntry }> {
  const opened = await open(session);
  const entry = await opened.handle.get(name);
  if (entry !== undefined) return { ...opened, entry };
  throw new CommandError(`there is no entry "${name}"${await hintOf(name, opened)}`);
}

async function hintOf(name: string, { handle, inCode }: Opened): Promise<string> {
  if (inCode.includes(name)) return ` yet: the code's are there from beat's first tick on. ${howToTick}`;
  const nearest = nearestName(name, [...inCode, ...(await handle.list()).map((each) => each.name)]);
  return nearest === undefined ? "; umbel schedule list shows all" : `; the nearest name is "${nearest}"`;
}

/** Beat writes the code's entries into the store; until then there is nothing to be asked or changed. */
const howToTick = "umbel beat, umbel worker -B and umbel dev run one: start it, and ask again";

function say({ terminal, isJson }: Session, answer: object, line: string): void {
  terminal.print(isJson ? JSON.stringify(answer) : line);
}
