/**
 * `umbel result`: waits for what a call returns, and prints it.
 *
 * @module
 */

import type { Command } from "commander";
import type { AsyncResult, UmbelError } from "umbel";
import type { Found } from "../application/find-application.ts";
import { examplesOf } from "../examples.ts";
import { CommandError, lineOf, UsageError } from "../failure.ts";
import { type Session, sessionOf } from "../session.ts";
import { optionOf } from "./option.ts";
import { secondsOf } from "./quantity.ts";

/** What can be asked of it. */
interface ResultFlags {
  readonly task?: string;
  readonly traceback?: true;
  /** Seconds. */
  readonly timeout: number;
}

/** Adds the command. */
export function addResult(program: Command): void {
  program
    .command("result")
    .description("wait for the result of a call, and print it; of one that failed its traceback, and end with 1")
    .argument("<id>", "the call's id, as umbel call prints it")
    .option("-t, --task <name>", "the task's name: it has to be one of the application")
    .option("--traceback", "the traceback in place of the value, as it is stored now; of a retry too")
    .addOption(optionOf("--timeout <seconds>", "how long it waits", secondsOf).default(30))
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts result 0199f0c2-5d5e-7c1a-9a0e-0d8f7a3b1c2d",
        "-A ./tasks.ts result -t tasks.add ID --timeout 600",
        "-A ./tasks.ts result ID --json",
      ),
    )
    .action(async (id: string, flags: ResultFlags, command: Command) => {
      const session = sessionOf(command);
      const found = await session.load();
      if (flags.task !== undefined) await checkTask(flags.task, found);
      const result = found.app.result(id);
      await (flags.traceback === true ? showTraceback(session, result) : showResult(session, result, flags));
    });
}

async function checkTask(name: string, { app, module }: Found): Promise<void> {
  if (app.tasks.has(name)) return;
  if (Number(name) > 0) throw new UsageError(`-t names the task, as in Celery: --timeout ${name} waits for so long`);
  const { nearestName } = await import("@umbel/core");
  const nearest = nearestName(name, [...app.tasks.keys()]);
  throw new CommandError(
    `${module} has no task "${name}"${nearest === undefined ? "" : `; the nearest name is "${nearest}"`}`,
  );
}

async function showTraceback({ terminal, isJson }: Session, result: AsyncResult): Promise<void> {
  const { status: state = "PENDING", traceback } = (await result.meta()) ?? {};
  const text = typeof traceback === "string" ? traceback : null;
  if (isJson) return terminal.print(JSON.stringify({ id: result.id, state, traceback: text }));
  terminal.print(text?.trimEnd() ?? `${result.id} is ${state}: there is no traceback of it.`);
}

async function showResult(session: Session, result: AsyncResult, { timeout, task }: ResultFlags): Promise<void> {
  const { terminal, isJson } = session;
  const { id } = result;
  const settled = await result.settled({ timeout }).catch((error: unknown) => tellOfWaiting(error, id, timeout));
  if (settled.state === "SUCCESS") {
    const { state, result: value = null } = settled;
    return terminal.print(isJson ? JSON.stringify({ id, state, result: value }) : textOf(value));
  }
  const { state, error } = settled;
  const traceback = await result.traceback();
  if (isJson) terminal.print(JSON.stringify({ id, state, error: named(error), traceback: traceback ?? null }));
  else if (traceback !== undefined) terminal.print(terminal.paint("red", traceback.trimEnd()));
  const name = task === undefined ? id : `${task}[${id}]`;
  throw new CommandError(`${name} ${state === "REVOKED" ? "was revoked" : "failed"}: ${named(error)}`, {
    cause: error,
  });
}

/** What the error says has the state. Nothing is written when a call is sent, so an id that nobody has ever had waits as well. */
function tellOfWaiting(error: unknown, id: string, timeout: number): never {
  const { code }: { readonly code?: unknown } = Object(error);
  if (code !== "TIMEOUT") throw error;
  const line = lineOf(error);
  const how = `umbel status shows who is online, umbel inspect query_task ${id} who has it; --timeout ${timeout * 10} waits longer`;
  const never = line.includes("still PENDING")
    ? "; a wrong id, or one whose result has expired, is PENDING for ever"
    : "";
  throw new CommandError(`${line.replace(/[^.?]$/, "$&.")} ${how}${never}`, { cause: error });
}

/** As its traceback ends: the class where the task ran, which a `TaskFailure` of whatever copy of the packages has, and the message. */
function named(error: UmbelError): string {
  return `${"excType" in error ? String(error.excType) : error.name}: ${lineOf(error)}`;
}

/** A text as it is, all else as JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
