/**
 * `umbel logs`: what became of tasks in the recent past, as their events tell it.
 *
 * @module
 */

import { globExpression, nearestName } from "@umbel/core";
import type { Command } from "commander";
import type { ReceivedEvent, ReceiveOptions } from "umbel/events";
import { examplesOf } from "../examples.ts";
import { lineOf, UsageError } from "../failure.ts";
import { type Session, sessionOf } from "../session.ts";
import { tellAside } from "../terminal.ts";
import { toldToStop } from "../told-to-stop.ts";
import { loggedStates, logLine, stateBy } from "./log-line.ts";
import { optionOf } from "./option.ts";
import { namesOf } from "./quantity.ts";
import { sinceOf } from "./since.ts";

/** What can be asked of it. */
interface LogsFlags {
  readonly task?: string;
  readonly state?: readonly string[];
  readonly id?: string;
  readonly since?: Date;
  readonly follow?: true;
}

/** Adds the command. */
export function addLogs(program: Command): void {
  const logs = program
    .command("logs")
    .description("what became of tasks in the recent past, a line for each event that workers have told (-E)")
    .option("--task <name>", "only of this task; * stands for any part of its name")
    .option("--id <id>", "only of this call, or of those whose ids begin so")
    .addOption(
      optionOf("--since <time>", "only from then on: 10m or 2h ago, or an instant [all that is kept]", sinceOf),
    )
    .option("--follow", "go on with what happens, until it is stopped")
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts logs --since 10m",
        "-A ./tasks.ts logs --state FAILURE,RETRY --follow",
        "-A ./tasks.ts logs --task 'mail.*' --json",
      ),
    )
    .action(async (flags: LogsFlags, command: Command) => await tell(sessionOf(command), flags));
  logs.addOption(optionOf("--state <names>", `only of tasks that come to ${loggedStates.join(", ")}`, statesOf));
}

async function tell({ terminal, isJson, load }: Session, flags: LogsFlags): Promise<void> {
  const { app } = await load();
  const { events } = await import("umbel/events");
  const receiver = events(app);
  const isWanted = filterOf(flags);
  let told = 0;
  for await (const event of receiver.iterate(whichOf(flags))) {
    const name = receiver.state.tasks.get(String(event["uuid"]))?.name ?? "?";
    if (!isWanted(event, name)) continue;
    told += 1;
    terminal.print(isJson ? JSON.stringify(event) : logLine(event, name));
  }
  if (receiver.malformed > 0) say(`${receiver.malformed} events made no sense, and are left out`);
  if (told === 0) say("nothing is kept of such tasks: workers tell of theirs with -E, or workerSendTaskEvents: true");
}

/** All that is kept, to its end; or on and on. */
function whichOf({ since = new Date(0), follow }: LogsFlags): ReceiveOptions {
  const end = new AbortController();
  return follow === true
    ? { since, signal: toldToStop(), onLost }
    : { since, signal: end.signal, onLost, onReady: () => end.abort() };
}

function onLost(error: Error): void {
  say(`the store is lost, and asked again: ${lineOf(error)}`);
}

function filterOf({ task, state, id }: LogsFlags): (event: ReceivedEvent, name: string) => boolean {
  const pattern = globExpression(task ?? "*");
  return (event, name) =>
    event.type.startsWith("task-") &&
    pattern.test(name) &&
    String(event["uuid"]).startsWith(id ?? "") &&
    (state === undefined || state.includes(stateBy(event) ?? ""));
}

function statesOf(flag: string, text: string): readonly string[] {
  const states = namesOf(flag, text).map((name) => name.toUpperCase());
  const unknown = states.find((each) => !loggedStates.includes(each));
  if (unknown === undefined) return states;
  const nearest = nearestName(unknown, loggedStates);
  throw new UsageError(
    `${flag} takes ${loggedStates.join(", ")}, not "${unknown}"${nearest === undefined ? "" : `; the nearest is ${nearest}`}`,
  );
}

function say(line: string): void {
  tellAside(`umbel: ${line}`);
}
