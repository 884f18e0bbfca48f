/**
 * The program: reads the command line, does what it says, and tells how that went by an exit code.
 *
 * @module
 */

import process from "node:process";
import { CommanderError } from "commander";
import { type AddressFlags, asCalled } from "./addresses.ts";
import { AnsweredError, Interruption, lineOf, stackOf, UsageError } from "./failure.ts";
import { makeProgram } from "./program.ts";
import { endWithTheReader, flushed, keepOutputForAnswers, openTerminal, tellAside } from "./terminal.ts";

/**
 * Runs the program with the arguments of its command line. Resolves with the exit code: 0, 1 when the command could not do
 * what it was to, 2 when it was called wrongly, 130 when a person has stopped it. What went wrong is told in one line; with
 * `--debug` by a stack too, and with `--json` by the answer: `{"error": ...}`, where that has not said it. The
 * process is to end then: its output is closed.
 */
export async function runUmbel(args: readonly string[]): Promise<number> {
  endWithTheReader();
  keepOutputForAnswers();
  const code = await outcomeOf(args);
  await flushed();
  return code;
}

async function outcomeOf(args: readonly string[]): Promise<number> {
  const program = makeProgram();
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0; // Help, or the version.
    if (thrown instanceof CommanderError && thrown.code === "commander.help") return 2; // No command: help was shown.
    tell(thrown, args, asCalled(sentenceOf(thrown), program.opts<AddressFlags>()));
    if (args.includes("--debug")) await tellStack(thrown);
    return codeOf(thrown);
  }
}

/** In a line beside the answer; by the answer too where that is to be JSON and has not said it. */
function tell(thrown: unknown, args: readonly string[], sentence: string): void {
  tellAside(`umbel: ${sentence}`);
  const isAnswered = thrown instanceof AnsweredError || thrown instanceof Interruption;
  if (isJson(args) && !isAnswered) openTerminal(process.stdout, false).print(JSON.stringify({ error: sentence }));
}

/** What others have said is among its causes, secrets too. */
async function tellStack(thrown: unknown): Promise<void> {
  const { withoutSaying } = await import("@umbel/core");
  tellAside(withoutSaying(stackOf(thrown)));
}

function codeOf(thrown: unknown): number {
  if (thrown instanceof Interruption) return 130;
  return thrown instanceof CommanderError || thrown instanceof UsageError ? 2 : 1;
}

/** Whether the answer is to be JSON; a line that cannot be read may ask for that, too. */
function isJson(args: readonly string[]): boolean {
  return args.includes("--json") || args.includes("-j");
}

/** Commander's begin with a word of its own. */
function sentenceOf(thrown: unknown): string {
  return lineOf(thrown).replace(/^error: /, "");
}
