/**
 * `umbel result`: waits for what a call returns, and prints it.
 *
 * @module
 */

import type { Command } from "commander";
import type { AsyncResult, Umbel, UmbelError } from "umbel";
import type { Found } from "../application/find-application.ts";
import { examplesOf } from "../examples.ts";
import { AnsweredError, CommandError, lineOf, UsageError } from "../failure.ts";
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

/** Which result is meant, and how long it is waited for. */
interface Wanted extends Pick<ResultFlags, "task" | "timeout"> {
  readonly id: string;
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
      await (flags.traceback === true
        ? showTraceback(session, found.app.result(id))
        : showResult(session, found.app, { id, ...flags }));
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
  const { withoutSaying } = await import("@umbel/core");
  const text = typeof traceback === "string" ? withoutSaying(traceback) : null;
  if (isJson) return terminal.print(JSON.stringify({ id: result.id, state, traceback: text }));
  terminal.print(text?.trimEnd() ?? `${result.id} is ${state}: there is no traceback of it.`);
}

async function showResult(session: Session, app: Umbel, { id, timeout, task }: Wanted): Promise<void> {
  const { terminal, isJson } = session;
  const result = app.result(id);
  const settled = await result.settled({ timeout }).catch(async (error: unknown) => {
    throw isTimeout(error) ? await waitingFor(session, app, { id, timeout }) : error;
  });
  if (settled.state === "SUCCESS") {
    const { state, result: value = null } = settled;
    return terminal.print(isJson ? JSON.stringify({ id, state, result: value }) : textOf(value));
  }
  const { withoutSaying } = await import("@umbel/core");
  const { state, error } = settled;
  const reason = withoutSaying(named(error));
  const traceback = withoutSaying((await result.traceback()) ?? "");
  if (isJson) terminal.print(JSON.stringify({ id, state, error: reason, traceback: traceback || null }));
  else if (traceback !== "") terminal.print(terminal.paint("red", traceback.trimEnd()));
  const name = task === undefined ? id : `${task}[${id}]`;
  throw new AnsweredError(`${name} ${state === "REVOKED" ? "was revoked" : "failed"}: ${reason}`, { cause: error });
}

/** Says how far it is, what a task has told of that with `updateState`, and what keeps it. */
async function waitingFor({ terminal, isJson }: Session, app: Umbel, { id, timeout }: Wanted): Promise<Error> {
  const [stored, { whyWaiting }, { jsonWithoutSaying }] = await Promise.all([
    app.result(id).meta(),
    import("./why-waiting.ts"),
    import("../unsaid.ts"),
  ]);
  const state = stored?.status ?? "PENDING";
  const meta = stored?.result ?? null;
  const why = await whyWaiting(app, id);
  const told = meta === null ? "" : ` (${jsonWithoutSaying(meta)})`;
  const line = `${id} is still ${state}${told} after ${timeout} s: ${why}. --timeout ${timeout * 10} waits longer`;
  if (isJson) terminal.print(JSON.stringify({ id, state, meta, error: line }));
  return new AnsweredError(line);
}

function isTimeout(error: unknown): boolean {
  const { code }: { readonly code?: unknown } = Object(error);
  return code === "TIMEOUT";
}

/** As its traceback ends: the class where the task ran, which a `TaskFailure` of whatever copy of the packages has, and the message. */
function named(error: UmbelError): string {
  return `${"excType" in error ? String(error.excType) : error.name}: ${lineOf(error)}`;
}

/** A text as it is, all else as JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
