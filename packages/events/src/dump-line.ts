/**
 * Events as `celery events --dump` prints them (celery-semantics.md 6.6).
 *
 * @module
 */

import { harmless } from "@umbel/core";
import { type EventBody, repr } from "@umbel/protocol";
import { writtenInstant } from "./written-instant.ts";

/** What later lines of a task repeat of its first one, by its id. A dump begins with a new one. */
export type DumpMemory = Map<string, string>;

/** So many tasks are remembered, as in Celery. */
const mostTasks = 4095;

/** Celery's words for what has some; all else is its type without dashes. */
const words: ReadonlyMap<string, string> = new Map([
  ["worker-online", "started"],
  ["worker-heartbeat", "heartbeat"],
  ["worker-offline", "shutdown"],
]);

/** An event in a line: who told it, when, what, and all its fields. More lines where a text has some, a traceback. */
export function dumpLine(event: EventBody, memory: DumpMemory): string {
  const { type, hostname, timestamp, ...fields } = event;
  const kind = type.toLowerCase();
  const told = { what: words.get(kind) ?? kind.replaceAll("-", " "), task: "", fields };
  const { what, task, fields: shown } = kind.startsWith("task-") ? { ...told, ...ofTask(kind, fields, memory) } : told;
  const list = Object.keys(shown)
    .toSorted()
    .map((name) => `${name}=${written(name, shown[name], event)}`)
    .join(", ");
  return harmless(`${hostname} [${writtenInstant(timestamp)}] ${what}${list && ":"} ${task}${list}`);
}

type Fields = Readonly<Record<string, unknown>>;

/** The task, as its first event has told of it, and what is left of the fields. */
function ofTask(kind: string, { uuid, ...fields }: Fields, memory: DumpMemory): { task: string; fields: Fields } {
  const id = String(uuid);
  if (kind !== "task-received" && kind !== "task-sent") return { task: `${memory.get(id) ?? ""} `, fields };
  const { name, args, kwargs, ...rest } = fields;
  const task = `${text(name)}(${id}) args=${text(args)} kwargs=${text(kwargs)}`;
  memory.delete(id);
  memory.set(id, task);
  for (const [oldest] of memory) {
    if (memory.size <= mostTasks) break;
    memory.delete(oldest);
  }
  return { task: `${task} `, fields: rest };
}

/** What Python tells as a float is printed as one though it is whole, which a number does not show here. */
function written(name: string, value: unknown, event: EventBody): string {
  if (name === "loadavg" && Array.isArray(value)) return `[${value.map(float).join(", ")}]`;
  const isFloat = name === "runtime" || name === "local_received" || (name === "freq" && isRegular(event));
  return isFloat ? float(value) : text(value);
}

/** Whether it is a heartbeat of Celery's own timer: one that was asked for has a whole interval, and no figures. */
function isRegular({ sw_ident: software, active }: EventBody): boolean {
  return software === "py-celery" && active !== undefined;
}

/** As Python's `str`. */
function text(value: unknown): string {
  return typeof value === "string" ? value : repr(value ?? null, Infinity);
}

function float(value: unknown): string {
  return Number.isInteger(value) ? `${text(value)}.0` : text(value);
}
