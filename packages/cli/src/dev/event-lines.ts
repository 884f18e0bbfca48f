/**
 * What happens to tasks and workers, as a worker's log has it: a line each, and once.
 *
 * @module
 */

import { formatRecord, printable } from "@umbel/core";
import { Umbel } from "umbel";
import { events, type ReceivedEvent } from "umbel/events";
import { upstash } from "umbel/upstash";
import { logLine, stateBy } from "../commands/log-line.ts";

/** Who is told. */
export interface EventListener {
  /** Gets the lines. */
  readonly say: (line: string) => void;
  /** Name of the worker whose log stands beside the lines; undefined while it tells nothing of what is usual. */
  readonly logged: () => string | undefined;
}

/** Calls `say` with a line for each event, but for signs of life and for what the worker's log tells, until the signal aborts. */
export async function eventLines(
  env: Readonly<Record<string, string>>,
  { say, logged }: EventListener,
  signal: AbortSignal,
): Promise<void> {
  const app = new Umbel("dev", { backend: upstash(), env, log: () => undefined });
  const receiver = events(app);
  for await (const event of receiver.iterate({ signal })) {
    if (event.type === "worker-heartbeat" || isInLog(event, logged())) continue;
    const name = receiver.state.tasks.get(String(event["uuid"]))?.name ?? "?";
    for (const line of lineOf(event, name).split("\n")) say(line);
  }
}

/** Of a call that is sent, and of a beginning, a worker's log says nothing. */
const unlogged: ReadonlySet<string | undefined> = new Set([undefined, "PENDING", "STARTED"]);

function isInLog(event: ReceivedEvent, worker: string | undefined): boolean {
  return event.hostname === worker && !unlogged.has(stateBy(event));
}

function lineOf(event: ReceivedEvent, name: string): string {
  if (event.type.startsWith("task-")) return logLine(event, name);
  const message = printable(`${event.hostname} ${said.get(event.type) ?? event.type}`);
  return formatRecord({ level: "INFO", message, time: event.timestamp * 1000 });
}

/** Of a worker. All else is told by its type. */
const said: ReadonlyMap<string, string> = new Map([
  ["worker-online", "is online"],
  ["worker-offline", "is offline"],
]);
