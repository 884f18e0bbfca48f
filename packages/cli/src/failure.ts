/**
 * What goes wrong with a command, as it is told: one line that says what, and how to mend it.
 *
 * @module
 */

/** The command was called wrongly: exit code 2. The message names what, and what is taken. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command could not do what it was to: exit code 1. The message is all that is told without `--debug`. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** The same where the answer that was printed says what went wrong: with `--json` nothing is added to it. */
export class AnsweredError extends CommandError {}

/** A person has ended the command while it asked: exit code 130, as a shell expects after Ctrl-C. */
export class Interruption extends Error {
  override readonly name = "Interruption";
}

/** The message of whatever was thrown, in one line. */
export function lineOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}

/** All that is known of it: the stack, and that of its causes. */
export function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const own = thrown.stack ?? String(thrown);
  return thrown.cause === undefined ? own : `${own}\nCaused by: ${stackOf(thrown.cause)}`;
}
