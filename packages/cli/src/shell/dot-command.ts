/**
 * What begins with a dot is said to the shell itself. `.exit` is read where lines come in.
 *
 * @module
 */

import type { Scope } from "./evaluate.ts";

/** Whether a text is one. */
export function isDotCommand(text: string): boolean {
  return /^\s*\.[a-z]+\s*$/i.test(text);
}

/** What it answers. Throws `SyntaxError` for one that there is not. */
export function answerOf(text: string, scope: Scope): string {
  if (text.trim() === ".help") {
    return [
      `There are ${Object.keys(scope).join(", ")}.`,
      "await works everywhere, declarations last, _ is the last value, the tab key completes.",
      ".help    this text",
      ".exit    ends the shell, as Ctrl-D does; Ctrl-C forgets what was begun",
    ].join("\n");
  }
  throw new SyntaxError(`there is no ${text.trim()}: .help says what there is`);
}
