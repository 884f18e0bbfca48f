/**
 * Events for whoever watches a cluster: what has happened, to which task, and what state that is in now.
 *
 * @module
 */

import { harmless } from "@umbel/core";
import { type EventBody, repr } from "@umbel/protocol";
import { isInstantField } from "./instant-field.ts";
import type { State } from "./state.ts";
import type { Task } from "./task.ts";
import type { WorkerNode } from "./worker-node.ts";
import { writtenInstant } from "./written-instant.ts";

/** `SUCCEEDED tasks.add[7f1c] SUCCESS`: an event and what has become of its task, or its worker, by a state that knows of it. */
export function monitorLine(event: EventBody, state: State): string {
  const { type } = event;
  const subject = type.replace(/^(?:task|worker)-/, "").toUpperCase();
  const about = taskOf(event, state) ?? workerOf(event, state);
  if (about === undefined) return harmless(`${subject} ${event.hostname}`);
  if ("uuid" in about) return harmless(`${subject} ${about.name ?? ""}[${about.uuid}] ${about.state}`);
  return harmless(`${subject} ${about.hostname} ${about.statusString}`);
}

/** The same, and every field of the task or worker, each in a line; of an event of neither, its own. */
export function monitorLines(event: EventBody, state: State): readonly string[] {
  const about = taskOf(event, state) ?? workerOf(event, state);
  const fields = about === undefined ? event : about.toJSON();
  const shown = Object.entries(fields).flatMap(([name, value]) => shownField(name, value));
  return [monitorLine(event, state), ...shown.map(([name, value]) => harmless(`  ${name}: ${written(name, value)}`))];
}

/** Fields of a program's own stand among the others; by what a task is put in order is nothing to read. */
function shownField(name: string, value: unknown): readonly [string, unknown][] {
  if (name === "heard") return [];
  return name === "extra" ? Object.entries(Object(value)) : [[name, value]];
}

function taskOf({ type, uuid }: EventBody, state: State): Task | undefined {
  return type.startsWith("task-") ? state.tasks.get(String(uuid)) : undefined;
}

function workerOf({ type, hostname }: EventBody, state: State): WorkerNode | undefined {
  return type.startsWith("worker-") ? state.workers.get(hostname) : undefined;
}

function written(name: string, value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "number" && isInstantField(name)) return writtenInstant(value);
  return typeof value === "string" && value !== "" ? value.replaceAll("\n", "\n    ") : repr(value, Infinity);
}
