/**
 * What the live view of events looks like: a list of tasks, the last heard of first, or all that is known of one.
 *
 * @module
 */

import { printable } from "@umbel/core";
import type { State, Task } from "umbel/events";
import { inUtc } from "../instant.ts";
import { many } from "../many.ts";
import type { Style, Terminal } from "../terminal.ts";
import { detailsOf } from "./task-details.ts";
import { filtered, type Page, pageOf, roomOf, shownState, type Size, type View } from "./view.ts";

/** How a screen is drawn. */
export interface Drawing extends Size {
  readonly paint: Terminal["paint"];
  /** Why nothing can be heard at the moment. */
  readonly silence?: string | undefined;
}

/** The lines of a screen: as many as the terminal has rows, none longer than it has columns. */
export function screenOf(state: State, view: View, drawing: Drawing): readonly string[] {
  const { columns, paint, silence } = drawing;
  const tasks = filtered(state, view);
  const page = pageOf(tasks, view, drawing);
  const open = view.isOpen && view.selected !== undefined ? state.tasks.get(view.selected) : undefined;
  const body = open === undefined ? listOf(page, view, drawing) : detailsOf(open).map((line) => cut(line, columns));
  const shown = Array.from({ length: roomOf(drawing) }, (_, row) => body[row] ?? "");
  return [
    paint("bold", cut(headOf(state, tasks, { view, page }), columns)),
    silence === undefined
      ? paint("dim", cut(workersOf(state), columns))
      : paint("red", cut(printable(silence), columns)),
    ...shown,
    cut(printable(lineBelow(state, view, columns)), columns),
    paint("dim", cut(keysOf(view), columns)),
  ];
}

interface Showing {
  readonly view: View;
  readonly page: Page;
}

/** Counts what is shown, by the states that it is shown with. */
function headOf(state: State, tasks: readonly Task[], { view, page }: Showing): string {
  const counts = new Map<string, number>();
  for (const task of tasks) counts.set(shownState(task), (counts.get(shownState(task)) ?? 0) + 1);
  const inOrder = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const states = inOrder.map(([name, count]) => `${printable(name)} ${count}`).join("  ");
  const all = many(state.tasks.size, "task");
  const which = view.filter === "" ? all : `${tasks.length} of ${all} have "${printable(view.filter)}"`;
  const malformed = state.malformed === 0 ? "" : `, ${state.malformed} malformed`;
  const pages = page.count === 1 ? "" : `, page ${page.number} of ${page.count}`;
  return `umbel events: ${which}  ${states}  (${many(state.eventCount, "event")}${malformed}${pages})`;
}

function workersOf(state: State): string {
  const names = state.aliveWorkers().map(({ hostname }) => hostname);
  return `workers online: ${names.length === 0 ? "none heard of yet" : names.map((name) => printable(name)).join("  ")}`;
}

/** What is asked, or what was done last. */
function lineBelow(state: State, { asked, filter, selected = "", note }: View, columns: number): string {
  if (asked === undefined) return note;
  if (asked === "filter") return `/${filter}_`;
  const task = `${state.tasks.get(selected)?.name ?? "task"}[${selected}]`;
  const [verb, effect] = asked === "revoke" ? revoking : terminating;
  return `${verb} ${cut(task, Math.max(columns - verb.length - effect.length - 1, shortestName))}${effect}`;
}

const revoking = ["Revoke", "? It does not begin any more."] as const;
const terminating = ["Terminate", "? It does not begin any more, and is aborted if it runs."] as const;

function keysOf({ asked, isOpen }: View): string {
  if (asked === "filter") return "Words of its name, id, state or worker  Enter keep  Esc show all";
  if (asked !== undefined) return "y yes  any other key no";
  if (isOpen) return "Esc back  r revoke  t terminate  q quit";
  return "q quit  r revoke  t terminate  Enter show  / filter  Up Down PgUp PgDn Home End choose";
}

/** Widths of what stands beside the name, which has the rest. */
const widths = { mark: 1, uuid: 36, state: 10, time: 9, worker: 24 } as const;

/** An id gives way first where a terminal is narrow: a name and a state say more. */
function idWidth(columns: number): number {
  const others = widths.mark + shortestName + widths.state + 3;
  return Math.min(Math.max(columns - others, shortestId), widths.uuid);
}

const shortestId = 8;

/** All of them, and a blank behind each. */
const besideTheName = Object.values(widths).reduce((sum, width) => sum + width + 1, 0);

const shortestName = 12;

function listOf({ tasks, pointed }: Page, { filter }: View, drawing: Drawing): readonly string[] {
  if (tasks.length === 0) return ["", cut(filter === "" ? noTask : noneSuch, drawing.columns)];
  return tasks.map((task) => rowOf(task, task === pointed, drawing));
}

const noneSuch = "No task has these words. Esc shows all.";

const noTask = "No task was heard of yet. Workers send events with -E, or once told: umbel control enable_events";

function rowOf(task: Task, isMarked: boolean, { columns, paint }: Drawing): string {
  const { uuid, name, timestamp, worker } = task;
  const wide = Math.max(columns - besideTheName, shortestName);
  const cells = [
    isMarked ? ">" : " ",
    fit(printable(uuid), idWidth(columns)),
    fit(printable(name ?? "?"), wide),
    fit(printable(shownState(task)), widths.state),
    fit(timeOf(timestamp), widths.time),
    printable(worker?.hostname ?? ""),
  ];
  const line = cut(cells.join(" ").trimEnd(), columns);
  const style = styles[shownState(task)];
  if (isMarked) return paint("bold", line);
  return style === undefined ? line : paint(style, line);
}

/** The time of a day, in UTC as all times here; nothing for what is no date: a stranger may have said it. */
function timeOf(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return Number.isNaN(date.getTime()) ? "" : inUtc(date).slice(-"07:30:00Z".length);
}

const styles: Readonly<Record<string, Style>> = {
  SUCCESS: "green",
  FAILURE: "red",
  RETRY: "yellow",
  REVOKED: "yellow",
  REJECTED: "yellow",
};

function fit(text: string, width: number): string {
  return cut(text, width).padEnd(width);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}…`;
}
