/**
 * `umbel replay`: sends again what the broker has given up.
 *
 * @module
 */

import type { Command } from "commander";
import type { Replayed, ReplayedTask, ReplayFilter, ReplayOptions } from "umbel/control";
import { examplesOf } from "../examples.ts";
import { AnsweredError, UsageError } from "../failure.ts";
import { harmlessLine } from "../harmless.ts";
import { inUtc } from "../instant.ts";
import { many } from "../many.ts";
import { type Session, sessionOf } from "../session.ts";
import { tellAside } from "../terminal.ts";
import { optionOf } from "./option.ts";
import { sinceOf } from "./since.ts";
import { instantOf } from "./written-instant.ts";
import { arrayOf, objectOf } from "./written-json.ts";

interface ReplayFlags extends Pick<ReplayFilter, "task" | "queue" | "until">, Omit<ReplayOptions, "asNew"> {
  readonly since?: string;
  readonly all?: true;
  readonly new?: true;
}

/** Adds the command. */
export function addReplay(program: Command): void {
  program
    .command("replay")
    .description("send again what the broker has given up, as it was or with other arguments")
    .argument("[ids...]", "ids of tasks")
    .option("--all", "all that there are")
    .option("--task <name>", "those of this task, or that fit a pattern as 'billing.*'")
    .option("--queue <name>", "those of this queue")
    .option("--since <time>", "given up then or later: 10m or 2h ago, or an ISO 8601 instant")
    .addOption(optionOf("--until <instant>", "given up before then", instantOf))
    .addOption(optionOf("-a, --args <json>", "with these arguments, a JSON array", arrayOf))
    .addOption(optionOf("-k, --kwargs <json>", "with these arguments by name, a JSON object", objectOf))
    .option("--new", "as new tasks, under new ids, that say which they come from")
    .option("--dry-run", "only say which they are")
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts replay --all --dry-run",
        "-A ./tasks.ts replay 0199f0c2-5d5e-7c1a-9a0e-0d8f7a3b1c2d",
        "-A ./tasks.ts replay --task 'billing.*' --since 2026-11-01",
        "-A ./tasks.ts replay ID -a '[2, 2]'",
      ),
    )
    .action(async (ids: readonly string[], flags: ReplayFlags, command: Command) => {
      const filter = await filterOf(ids, flags);
      const session = sessionOf(command);
      const { control } = await import("umbel/control");
      const { app } = await session.load();
      show(session, await control(app).replay(filter, optionsOf(flags)), await insteadOf(flags));
    });
}

/** Throws `UsageError` when nothing says which: all is never meant by saying nothing. */
async function filterOf(ids: readonly string[], flags: ReplayFlags): Promise<ReplayFilter> {
  const { task, queue, until, all } = flags;
  const since = await sinceOf("--since", flags.since);
  const given = Object.entries({ task, queue, since, until }).filter(([, value]) => value !== undefined);
  if (ids.length === 0 && given.length === 0 && all !== true) {
    throw new UsageError("replay takes ids, a filter (--task, --queue, --since, --until), or --all");
  }
  return { ...Object.fromEntries(given), ...(ids.length === 0 ? {} : { ids }) };
}

function optionsOf({ args, kwargs, dryRun, new: asNew }: ReplayFlags): ReplayOptions {
  return {
    ...(args === undefined ? {} : { args }),
    ...(kwargs === undefined ? {} : { kwargs }),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(asNew === undefined ? {} : { asNew }),
  };
}

/** Throws `CommandError` when one of them could not be sent, or is not there. */
function show({ terminal, isJson }: Session, replayed: Replayed, instead: readonly string[]): void {
  if (isJson) terminal.print(JSON.stringify(replayed));
  else {
    for (const each of replayed.replayed) for (const line of linesOf(each, instead)) terminal.print(harmlessLine(line));
    const what = many(replayed.count, "message");
    terminal.print(replayed.dryRun ? `${what} would be sent again.` : `${what} sent again.`);
  }
  if (replayed.count === 0 && replayed.refused.length === 0) tellAside(`umbel: ${noneFits}`);
  const refused = replayed.refused.map(({ id, reason }) => `${id} is not sent again: ${reason}`);
  if (refused.length > 0) throw new AnsweredError(refused.join("; "));
}

/** In a dry run with what a person decides by: its arguments, then and now, and when and why it was given up. */
function linesOf({ id, origin, task, queue, letter }: ReplayedTask, instead: readonly string[]): readonly string[] {
  const line = `${id}  ${task}  ${queue}${id === origin ? "" : `  (replay of ${origin})`}`;
  if (letter === undefined) return [line];
  const { args, kwargs, retries, diedAt, status, reason } = letter;
  const tried = `after ${retries === 1 ? "1 retry" : `${retries} retries`}`;
  const answer = status === 0 ? reason : `${status} ${sentenceIn(reason)}`;
  return [
    line,
    `    args ${args}, kwargs ${kwargs}`,
    ...instead,
    `    given up at ${inUtc(new Date(diedAt))} ${tried}: ${answer}`,
  ];
}

async function insteadOf({ args, kwargs }: ReplayFlags): Promise<readonly string[]> {
  const { reprArgs, reprKwargs } = await import("@umbel/protocol");
  const given = [
    ...(args === undefined ? [] : [`args ${reprArgs(args)}`]),
    ...(kwargs === undefined ? [] : [`kwargs ${reprKwargs(kwargs)}`]),
  ];
  return given.length === 0 ? [] : [`    now ${given.join(", ")}`];
}

/** The sentence of a worker's answer, which is a problem in JSON; whatever another server has said as it is. */
function sentenceIn(answer: string): string {
  try {
    const { detail }: { readonly detail?: unknown } = Object(JSON.parse(answer));
    return typeof detail === "string" ? detail : answer;
  } catch {
    return answer; // Not JSON, or cut off.
  }
}

const noneFits =
  "nothing that fits is among what the broker has given up. A task that has failed is not: its result keeps what replay ID needs with resultExtended";
