/**
 * Where a command writes: what it answers goes to the output, all else to the error output, where it cannot spoil an answer
 * that another program reads.
 *
 * @module
 */

import process from "node:process";
import { format, styleText } from "node:util";
import { harmless } from "./harmless.ts";

/** What text can look like. */
export type Style = "bold" | "dim" | "red" | "yellow" | "green";

/** Takes what a command answers. */
export interface Terminal {
  /** A line of it, or several. Of what strangers have written into it nothing reaches the terminal but letters. */
  print(line: string): void;
  /** The text as it is to look in the answer; as it is where there are no colours. */
  readonly paint: (style: Style, text: string) => string;
  /** How many characters a line has room for; no end to it where no terminal is. */
  readonly width: number;
}

/** The part of a stream that is written to. */
export type Output = Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };

/** Opens an output. There are colours on a terminal only, and not where `NO_COLOR` says so (no-color.org). */
export function openTerminal(output: Output, wantsColour: boolean): Terminal {
  const isTerminal = output.isTTY === true;
  const hasColour = wantsColour && isTerminal && (process.env["NO_COLOR"] ?? "") === "";
  return {
    print: (line) => void output.write(`${hasColour ? harmlessButColours(line) : harmless(line)}\n`),
    paint: (style, text) => (hasColour ? styleText(style, harmless(text), { validateStream: false }) : text),
    width: (isTerminal ? output.columns : undefined) || Infinity, // A terminal of unknown width says 0.
  };
}

/** The colours that are painted here, and those of a shell's values. What is hidden, or blinks, is none of them. */
const escape = "\u001B";
const colours = new RegExp(`(${escape}\\[(?:1|2|22|4|24|3[1-69]|90)m)`);

/** A colour that a stranger begins ends with the text. */
function harmlessButColours(text: string): string {
  const parts = text.split(colours);
  const shown = parts.map((part, nth) => (nth % 2 === 1 ? part : harmless(part))).join("");
  return parts.length === 1 ? shown : `${shown}${escape}[0m`;
}

/** Tells something beside the answer, in a line. */
export function tellAside(line: string): void {
  process.stderr.write(`${harmless(line)}\n`);
}

/** Sends what modules print by themselves, log lines too, beside the answer. */
export function keepOutputForAnswers(): void {
  Object.assign(console, { log: aside, info: aside, debug: aside });
}

/** Has what is printed from now on be the answer; in JSON each line as an object. */
export function letOutputThrough(isJson = false): void {
  const written = (line: string) => (isJson ? harmless(JSON.stringify({ line })) : line);
  Object.assign(console, {
    log: (...parts: readonly unknown[]) => void process.stdout.write(`${written(format(...parts))}\n`),
  });
}

function aside(...parts: readonly unknown[]): void {
  console.error(...parts);
}

/** Ends the process without a word when whoever reads its answer has read enough, as `head` does. */
export function endWithTheReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}

/**
 * Resolves once all that was written has left the process; its answer is ended then. Bun tells of an empty write that it is done
 * while a pipe still holds up what came before: only at the end of a stream it waits. What is told aside is never that long.
 */
export async function flushed({ stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr"> = process): Promise<void> {
  await new Promise<void>((resolve) => void stderr.write("", () => resolve()));
  await new Promise<void>((resolve) => void stdout.end(() => resolve()));
}
