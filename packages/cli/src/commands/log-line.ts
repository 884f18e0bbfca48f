/**
 * Events of tasks as the lines that a worker's log has of them.
 *
 * @module
 */

import { formatRecord, type LogRecord, printable, withoutSaying, workerLogger } from "@umbel/core";
import type { ReceivedEvent } from "umbel/events";
import type { LoggedState } from "./logged-states.ts";

/** What an event says of a task: the state that it comes to, and how that is told. */
interface Saying {
  readonly state: LoggedState;
  readonly level: LogRecord["level"];
  readonly tell: (event: ReceivedEvent) => string;
}

const sayings: Readonly<Record<string, Saying>> = {
  "task-sent": { state: "PENDING", level: "INFO", tell: ({ queue }) => `sent to ${shown(queue)}` },
  "task-received": { state: "RECEIVED", level: "INFO", tell: () => "received" },
  "task-started": { state: "STARTED", level: "INFO", tell: () => "started" },
  "task-succeeded": {
    state: "SUCCESS",
    level: "INFO",
    tell: ({ runtime, result }) => `succeeded in ${Number(runtime).toFixed(3)}s: ${shown(result)}`,
  },
  "task-failed": {
    state: "FAILURE",
    level: "ERROR",
    tell: ({ exception, traceback }) => `raised unexpected: ${shown(exception)}${below(traceback)}`,
  },
  "task-retried": { state: "RETRY", level: "INFO", tell: ({ exception }) => `retry: ${shown(exception)}` },
  "task-revoked": {
    state: "REVOKED",
    level: "INFO",
    tell: ({ expired, terminated }) =>
      `revoked${expired === true ? ": expired" : ""}${terminated === true ? ": terminated" : ""}`,
  },
  "task-rejected": { state: "REJECTED", level: "WARNING", tell: () => "rejected" },
};

/** The state that a task comes to by an event; undefined for an event that means none. */
export function stateBy({ type }: ReceivedEvent): LoggedState | undefined {
  return sayings[type]?.state;
}

/** The line, and a traceback below it. `name` is the task's: most events do not say it. */
export function logLine(event: ReceivedEvent, name: string): string {
  const { level = "INFO", tell = () => printable(event.type.replace(/^task-/, "")) } = sayings[event.type] ?? {};
  return formatRecord({
    level,
    message: withoutSaying(tell(event)),
    time: event.timestamp * 1000,
    taskName: name,
    taskId: String(event["uuid"]),
    logger: workerLogger,
  });
}

/** A text of strangers: nothing in it moves the cursor. */
function shown(value: unknown): string {
  return printable(typeof value === "string" ? value : (JSON.stringify(value) ?? "?"));
}

function below(traceback: unknown): string {
  if (typeof traceback !== "string" || traceback === "") return "";
  return traceback
    .trimEnd()
    .split("\n")
    .map((line) => `\n${printable(line)}`)
    .join("");
}
