/**
 * Lines of several parts on one output, each with its part's name before it.
 *
 * @module
 */

import type { Terminal } from "../terminal.ts";

/** Which part writes. */
export type Part = "dev" | "events" | "gateway" | "worker";

/** Writes a line of a part. */
export type Say = (part: Part, line: string) => void;

/** As text, or each line as an object. */
export function partLines(terminal: Terminal, isJson: boolean): Say {
  const { paint } = terminal;
  if (isJson) return (part, line) => terminal.print(JSON.stringify({ part, line }));
  return (part, line) => terminal.print(`${paint("dim", `${part.padEnd(7)} |`)} ${line}`.trimEnd());
}
