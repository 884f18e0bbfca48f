/**
 * All that is known of a task, in people's words.
 *
 * @module
 */

import { printable, withoutSaying } from "@umbel/core";
import type { Task, TaskJson } from "umbel/events";
import { inUtc } from "../instant.ts";
import { shownState } from "./view.ts";

/** What each field is called, in the order in which they are shown, and how it is written where not as it is. */
const fields: readonly (readonly [field: keyof TaskJson, label: string, written?: (value: unknown) => string])[] = [
  ["name", "task"],
  ["uuid", "id"],
  ["state", "state"],
  ["worker", "worker"],
  ["args", "arguments"],
  ["kwargs", "by name"],
  ["client", "sent by"],
  ["sent", "sent", instant],
  ["received", "received", instant],
  ["started", "started", instant],
  ["retried", "retried", instant],
  ["rejected", "rejected", instant],
  ["revoked", "revoked", instant],
  ["succeeded", "succeeded", instant],
  ["failed", "failed", instant],
  ["timestamp", "last change", instant],
  ["runtime", "ran for", seconds],
  ["retries", "retries"],
  ["eta", "not before"],
  ["expires", "not after"],
  ["result", "result"],
  ["exception", "exception"],
  ["traceback", "traceback"],
  ["parentId", "called by"],
  ["rootId", "begun by"],
  ["children", "has called"],
  ["exchange", "exchange"],
  ["routingKey", "routing key"],
];

/** In a line each; of a traceback as many as it has. What an event says besides stands under the event's own name for it. */
export function detailsOf(task: Task): readonly string[] {
  const known = task.toJSON();
  const shown = { ...known, state: shownState(task), rootId: known.rootId === known.uuid ? null : known.rootId };
  return [
    ...fields.flatMap(([field, label, written = textOf]) => linesOf(label, shown[field], written)),
    ...Object.entries(known.extra).flatMap(([name, value]) => linesOf(name, value, textOf)),
  ];
}

/** Beside the longest word. */
const indent = 13;

function linesOf(label: string, value: unknown, written: (value: unknown) => string): readonly string[] {
  if (value === null || (Array.isArray(value) && value.length === 0)) return [];
  const [first = "", ...rest] = withoutSaying(written(value)).split("\n");
  return [
    printable(`${label.padEnd(indent - 1)} ${first}`),
    ...rest.map((line) => `${" ".repeat(indent)}${printable(line)}`),
  ];
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join("  ");
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** What is no date stays a number: a stranger may have said it. */
function instant(value: unknown): string {
  const date = new Date(Number(value) * 1000);
  return Number.isNaN(date.getTime()) ? String(value) : inUtc(date);
}

function seconds(value: unknown): string {
  return `${Number(Number(value).toFixed(3))} s`;
}
