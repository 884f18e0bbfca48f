/**
 * What the live view of events shows: a list of tasks, the last heard of first, or all that is known of one.
 *
 * @module
 */

import { printable } from "@umbel/core";
import { isInstantField, type State, type Task } from "umbel/events";
import type { Style, Terminal } from "../terminal.ts";

/** What a person has chosen to see. */
export interface View {
  /** The task that is pointed at; the first one when it is not there. */
  readonly selected: string | undefined;
  /** Whether all that is known of it is shown. */
  readonly isOpen: boolean;
  /** A line about what was done last. */
  readonly note: string;
}

/** Columns and rows of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** How a screen is drawn. */
export interface Drawing extends Size {
  readonly paint: Terminal["paint"];
}

/** Rows that are no task's: two above the list, two beneath. */
const frame = 4;

/** The tasks that have room, the last heard of first. */
export function listed(state: State, { rows }: Size): readonly Task[] {
  return state.tasksByTime({ limit: Math.max(rows - frame, 1) });
}

/** The lines of a screen: as many as the terminal has rows, none longer than it has columns. */
export function screenOf(state: State, view: View, drawing: Drawing): readonly string[] {
  const { rows, columns, paint } = drawing;
  const task = view.selected === undefined ? undefined : state.tasks.get(view.selected);
  const room = Math.max(rows - frame, 1);
  const body = view.isOpen && task !== undefined ? detailsOf(task, columns) : listOf(state, view, drawing);
  const shown = Array.from({ length: room }, (_, row) => body[row] ?? "");
  const keys = view.isOpen
    ? "Esc back  r revoke  t terminate  q quit"
    : "Up Down choose  Enter show  r revoke  t terminate  q quit";
  return [
    paint("bold", cut(headOf(state), columns)),
    paint("dim", cut(workersOf(state), columns)),
    ...shown,
    cut(printable(view.note), columns),
    paint("dim", cut(keys, columns)),
  ];
}

function headOf(state: State): string {
  const counts = [...state.countsByState()].map(([name, count]) => `${printable(name)} ${count}`).join("  ");
  const malformed = state.malformed === 0 ? "" : `, ${state.malformed} malformed`;
  return `umbel events: ${state.tasks.size} tasks  ${counts}  (${state.eventCount} events${malformed})`;
}

function workersOf(state: State): string {
  const names = state.aliveWorkers().map(({ hostname }) => hostname);
  return `workers online: ${names.length === 0 ? "none heard of yet" : names.map((name) => printable(name)).join("  ")}`;
}

/** Widths of what stands beside the name, which has the rest. */
const widths = { mark: 1, uuid: 36, state: 10, time: 8, worker: 24 } as const;

/** All of them, and a blank behind each. */
const besideTheName = Object.values(widths).reduce((sum, width) => sum + width + 1, 0);

const shortestName = 12;

function listOf(state: State, { selected }: View, drawing: Drawing): readonly string[] {
  const tasks = listed(state, drawing);
  if (tasks.length === 0) return ["", cut(noTask, drawing.columns)];
  const marked = tasks.some(({ uuid }) => uuid === selected) ? selected : tasks[0]?.uuid;
  return tasks.map((task) => rowOf(task, task.uuid === marked, drawing));
}

const noTask = "No task was heard of yet. Workers send events with -E, or once told: umbel control enable_events";

function rowOf(task: Task, isMarked: boolean, { columns, paint }: Drawing): string {
  const { uuid, name, timestamp, worker } = task;
  const wide = Math.max(columns - besideTheName, shortestName);
  const cells = [
    isMarked ? ">" : " ",
    fit(printable(uuid), widths.uuid),
    fit(printable(name ?? "?"), wide),
    fit(printable(stateOf(task)), widths.state),
    fit(timeOf(timestamp), widths.time),
    printable(worker?.hostname ?? ""),
  ];
  const line = cut(cells.join(" ").trimEnd(), columns);
  const style = styles[stateOf(task)];
  if (isMarked) return paint("bold", line);
  return style === undefined ? line : paint(style, line);
}

/** In the model, as in Celery's, a task that was rejected stays what it was before. */
function stateOf({ state, rejected, ready, timestamp }: Task): string {
  return rejected !== null && !ready && rejected >= timestamp ? "REJECTED" : state;
}

/** The time of a day; nothing for what is no date: a stranger may have said it. */
function timeOf(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return Number.isNaN(date.getTime()) ? "" : (date.toISOString().split(/[T.]/)[1] ?? "");
}

const styles: Readonly<Record<string, Style>> = {
  SUCCESS: "green",
  FAILURE: "red",
  RETRY: "yellow",
  REVOKED: "yellow",
  REJECTED: "yellow",
};

/** Every field that is known, in a line; of a traceback as many as it has. */
function detailsOf(task: Task, columns: number): readonly string[] {
  const { heard: _heard, extra, ...fields } = task.toJSON();
  return Object.entries({ ...fields, ...extra }).flatMap(([name, value]) => {
    if (value === null || (Array.isArray(value) && value.length === 0)) return [];
    const [first = "", ...rest] = written(name, value).split("\n");
    return [printable(`${name.padEnd(11)} ${first}`), ...rest.map((line) => `            ${printable(line)}`)].map(
      (line) => cut(line, columns),
    );
  });
}

function written(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" && isInstantField(name) ? timeOf(value) : JSON.stringify(value);
}

function fit(text: string, width: number): string {
  return cut(text, width).padEnd(width);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}…`;
}
