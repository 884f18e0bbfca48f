/**
 * The program: reads the command line, does what it says, and tells how that went by an exit code.
 *
 * @module
 */

import { CommanderError } from "commander";
import { type AddressFlags, asCalled } from "./addresses.ts";
import { Interruption, lineOf, stackOf, UsageError } from "./failure.ts";
import { makeProgram } from "./program.ts";
import { endWithTheReader, flushed, keepOutputForAnswers, tellAside } from "./terminal.ts";

/**
 * Runs the program with the arguments of its command line. Resolves with the exit code: 0, 1 when the command could not do
 * what it was to, 2 when it was called wrongly, 130 when a person has stopped it. What went wrong is told in one line; with `--debug` by a stack too.
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
    const isUsage = thrown instanceof CommanderError || thrown instanceof UsageError;
    tellAside(`umbel: ${asCalled(sentenceOf(thrown), program.opts<AddressFlags>())}`);
    if (args.includes("--debug")) tellAside(stackOf(thrown));
    if (thrown instanceof Interruption) return 130;
    return isUsage ? 2 : 1;
  }
}

/** Commander's begin with a word of its own. */
function sentenceOf(thrown: unknown): string {
  return lineOf(thrown).replace(/^error: /, "");
}
