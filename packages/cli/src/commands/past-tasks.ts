/**
 * What `umbel logs` does: tells what became of tasks in the recent past, as their events have it.
 *
 * @module
 */

import { globExpression, nearestName } from "@umbel/core";
import { events, type ReceivedEvent, type ReceiveOptions } from "umbel/events";
import { lineOf, UsageError } from "../failure.ts";
import type { Session } from "../session.ts";
import { tellAside } from "../terminal.ts";
import { toldToStop } from "../told-to-stop.ts";
import { jsonWithoutSaying } from "../unsaid.ts";
import { inOrder } from "./in-order.ts";
import { leftOut } from "./left-out.ts";
import { logLine, stateBy } from "./log-line.ts";
import { type LoggedState, loggedStates } from "./logged-states.ts";
import { sinceOf } from "./since.ts";

/** What can be asked of it. */
export interface PastFlags {
  readonly task?: string;
  readonly state?: readonly string[];
  readonly id?: string;
  readonly since?: string;
  readonly follow?: true;
}

/** Tells it to its end, or on and on. Throws `UsageError` for a state or a time that is none. */
export async function tellPast({ terminal, isJson, load }: Session, flags: PastFlags): Promise<void> {
  const isWanted = filterOf(flags);
  const since = await sinceOf("--since", flags.since);
  const receiver = events((await load()).app);
  let told = 0;
  const { take, endPast } = inOrder((event) => {
    const name = receiver.state.tasks.get(String(event["uuid"]))?.name;
    if (!isWanted(event, name ?? "?")) return;
    told += 1;
    terminal.print(isJson ? jsonWithoutSaying({ ...event, name: name ?? null }) : logLine(event, name ?? "?"));
  });
  for await (const event of receiver.iterate(whichOf(since, flags, endPast))) take(event);
  if (receiver.malformed > 0) say(leftOut(receiver.malformed));
  if (told === 0) say("nothing is kept of such tasks: workers tell of theirs with -E, or workerSendTaskEvents: true");
}

function filterOf({ task, state, id }: PastFlags): (event: ReceivedEvent, name: string) => boolean {
  const pattern = globExpression(task ?? "*");
  const states = state?.map(stateOf);
  return (event, name) =>
    event.type.startsWith("task-") &&
    pattern.test(name) &&
    String(event["uuid"]).startsWith(id ?? "") &&
    (states === undefined || states.some((each) => each === stateBy(event)));
}

function stateOf(text: string): LoggedState {
  const written = text.toUpperCase();
  const state = loggedStates.find((each) => each === written);
  if (state !== undefined) return state;
  const nearest = nearestName(written, loggedStates);
  throw new UsageError(
    `--state takes ${loggedStates.join(", ")}, not "${written}"${nearest === undefined ? "" : `; the nearest is ${nearest}`}`,
  );
}

/** All that is kept, to its end; or on and on. */
function whichOf(since: Date = new Date(0), { follow }: PastFlags, onPast: () => void): ReceiveOptions {
  const end = new AbortController();
  return follow === true
    ? { since, signal: toldToStop(), onLost, onReady: onPast }
    : { since, signal: end.signal, onLost, onReady };

  function onReady(): void {
    onPast();
    end.abort();
  }
}

function onLost(error: Error): void {
  say(`the store is lost, and asked again: ${lineOf(error)}`);
}

function say(line: string): void {
  tellAside(`umbel: ${line}`);
}
