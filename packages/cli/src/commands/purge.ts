/**
 * `umbel purge`: deletes what waits.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { examplesOf } from "../examples.ts";
import { CommandError, Interruption } from "../failure.ts";
import { many } from "../many.ts";
import { type Session, sessionOf } from "../session.ts";
import { optionOf } from "./option.ts";
import { namesOf } from "./quantity.ts";

interface PurgeFlags {
  readonly force?: true;
  readonly queues?: readonly string[];
  readonly excludeQueues?: readonly string[];
}

/** Adds the command. */
export function addPurge(program: Command): void {
  program
    .command("purge")
    .alias("discard_all")
    .description("delete the messages that wait, due or not; it asks before")
    .option("-f, --force", "do not ask")
    .addOption(optionOf("-Q, --queues <names>", "only these queues [all of the application's]", namesOf))
    .addOption(optionOf("-X, --exclude-queues <names>", "all but these", namesOf))
    .addHelpText("after", examplesOf("-A ./tasks.ts purge", "-A ./tasks.ts purge -Q slow,mail -f"))
    .action(async (flags: PurgeFlags, command: Command) => {
      const session = sessionOf(command);
      const { control } = await import("umbel/control");
      const operator = control((await session.load()).app);
      const excluded = new Set(flags.excludeQueues);
      const queues = (flags.queues ?? (await operator.queues())).filter((queue) => !excluded.has(queue));
      if (queues.length > 0 && flags.force !== true) await confirm(await operator.purgeCount({ queues }), queues);
      tell(session, queues.length === 0 ? 0 : await operator.purge({ queues }), queues);
    });
}

/** Throws `CommandError` unless it is answered with yes, `Interruption` on Ctrl-C. There is nothing to ask where nothing waits. */
async function confirm(count: number, queues: readonly string[]): Promise<void> {
  if (count === 0) return;
  const what = `This deletes ${messages(count)} of ${named(queues)}, for good.`;
  if (!process.stdin.isTTY) throw new CommandError(`${what} Nobody can be asked here: -f deletes them`);
  const answer = await answerTo(`${what} Delete them? (yes/no) `);
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CommandError(untouched);
}

const untouched = "nothing is deleted";

/** What is typed; nothing on Ctrl-D. Throws `Interruption` on Ctrl-C. The cursor is on a line of its own then. */
async function answerTo(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      const end = () => {
        process.stderr.write("\n");
        resolve("");
      };
      lines.once("close", end);
      lines.once("SIGINT", () => {
        lines.off("close", end);
        process.stderr.write("\n");
        reject(new Interruption(untouched));
      });
      lines.question(question, (answer) => {
        lines.off("close", end);
        resolve(answer);
      });
    });
  } finally {
    lines.close();
  }
}

function tell({ terminal, isJson }: Session, count: number, queues: readonly string[]): void {
  if (isJson) return terminal.print(JSON.stringify({ purged: count, queues }));
  terminal.print(
    count === 0 ? `No messages purged from ${named(queues)}.` : `Purged ${messages(count)} from ${named(queues)}.`,
  );
}

function messages(count: number): string {
  return many(count, "message");
}

function named(queues: readonly string[]): string {
  return `${many(queues.length, "queue")}${queues.length === 0 ? "" : ` (${queues.join(", ")})`}`;
}
