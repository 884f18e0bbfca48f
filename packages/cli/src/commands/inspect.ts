/**
 * `umbel inspect`: what workers do, in Celery's words.
 *
 * @module
 */

import { Argument, type Command } from "commander";
import type { Command as Described } from "umbel/control";
import { examplesOf } from "../examples.ts";
import { AnsweredError, UsageError } from "../failure.ts";
import { type Session, sessionOf } from "../session.ts";
import { absentLine, answerLines, countLine, nodeLine } from "./node-reply.ts";
import { absenceLine, addWhom, type WhomFlags, whomOf } from "./whom.ts";

/** Flags of both commands. */
interface AskFlags extends WhomFlags {
  readonly list?: true;
}

/** Adds the command. */
export function addInspect(program: Command): void {
  const inspect = program
    .command("inspect")
    .description("ask what workers have and do; --list shows all questions")
    .addArgument(new Argument("[question]", "active, reserved, scheduled, revoked, registered, stats, query_task ..."))
    .argument("[args...]", "what the question takes")
    .option("-l, --list", "the questions that there are")
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts inspect active",
        "-A ./tasks.ts inspect registered rate_limit",
        "-A ./tasks.ts inspect query_task ID1 ID2 --json",
        "-A ./tasks.ts inspect stats -d worker@shop",
      ),
    )
    .action(async (question: string | undefined, args: readonly string[], ...rest: readonly [AskFlags, Command]) => {
      const [flags, command] = rest;
      const session = sessionOf(command);
      const { ask, control, inspectCommands } = await import("umbel/control");
      if (flags.list === true) return list(session, inspectCommands);
      if (question === undefined) throw new UsageError("inspect takes a question: umbel inspect --list shows all");
      const { app } = await session.load();
      const given = questionArgs(question, args);
      const asked = control(app).inspect(whomOf(flags));
      const isText = !session.isJson && flags.j !== true;
      const [answers, online] = await Promise.all([
        ask(asked, question, given).catch(asUsage),
        isText ? asked.ping() : undefined,
      ]);
      show(session, answers, online && { online, store: `store@${app.name}` });
      if (Object.keys(answers).length > 0) return;
      throw new AnsweredError(absenceLine(flags, Object.keys(await control(app).inspect().ping())));
    });
  addWhom(inspect);
}

/** Shows which commands there are. */
export function list({ terminal, isJson }: Session, commands: readonly Described[]): void {
  if (isJson) return terminal.print(JSON.stringify(commands));
  const lines = commands.map(({ name, args = "", help }) => ({ usage: `${name} ${args}`.trim(), help }));
  const width = Math.max(...lines.map(({ usage }) => usage.length));
  for (const { usage, help } of lines) terminal.print(`${usage.padEnd(width)}  ${help}`);
}

/** What of the command line was wrong is told as that. */
export function asUsage(error: unknown): never {
  const { code, message }: { readonly code?: unknown; readonly message?: unknown } = Object(error);
  if (code !== "IMPROPERLY_CONFIGURED" && code !== "NOT_SUPPORTED") throw error;
  throw new UsageError(String(message), { cause: error });
}

/** Arguments as they stand on a command line, by Celery's names of them. */
function questionArgs(question: string, args: readonly string[]): Readonly<Record<string, unknown>> {
  switch (question.replaceAll("-", "_")) {
    case "query_task":
      if (args.length === 0) throw new UsageError("inspect query_task takes ids of tasks");
      return { ids: args };
    case "registered":
    case "dump_tasks":
      return { taskinfoitems: args };
    case "conf":
    case "dump_conf":
      return { with_defaults: args.length > 0 && args[0] !== "false" };
    default:
      if (args.length > 0) throw new UsageError(`inspect ${question} takes nothing more, not "${args.join(" ")}"`);
      return {};
  }
}

/** Who may have answered: the workers that are online, and the store, which does for what all share while none is. */
interface Answering {
  readonly online: object;
  readonly store: string;
}

/**
 * Whoever is counted is online. What waits for nobody stands under its address, and what is held by one of whom nothing was heard
 * for long under its name: they have answered nothing. JSON has no count, and Celery's form.
 */
function show({ terminal }: Session, answers: Readonly<Record<string, unknown>>, by: Answering | undefined): void {
  if (by === undefined) return terminal.print(JSON.stringify(answers));
  const isOnline = (node: string): boolean => Object.hasOwn(by.online, node);
  const nodes = Object.entries(answers);
  for (const [node, answer] of nodes) {
    const isThere = isOnline(node) || node === by.store;
    terminal.print(isThere ? nodeLine(node, true, terminal) : absentLine(node, terminal));
    for (const line of answerLines(answer)) terminal.print(line);
  }
  if (nodes.length > 0) terminal.print(`\n${countLine(nodes.filter(([node]) => isOnline(node)).length)}`);
}
