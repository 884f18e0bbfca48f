/**
 * Reads lines, evaluates them, prints what came of them, until there are no more.
 *
 * @module
 */

import process from "node:process";
import { createInterface, type Interface } from "node:readline";
import { inspect } from "node:util";
import { lineOf } from "../failure.ts";
import { tellAside, type Terminal } from "../terminal.ts";
import { completerOf } from "./completion.ts";
import { answerOf, isDotCommand } from "./dot-command.ts";
import { evaluate, type Scope } from "./evaluate.ts";
import { topLevel } from "./top-level.ts";

/** How a shell answers. */
export interface ReplOptions {
  readonly terminal: Terminal;
  /** Values as JSON. */
  readonly isJson: boolean;
  /** Tells of an error with its stack. */
  readonly isDebug: boolean;
}

/** Runs until the input ends or `.exit` is read. Resolves with how many errors nobody has caught. */
export async function runRepl(scope: Scope, options: ReplOptions): Promise<number> {
  const { reader, prompt, promptAgain } = openReader(scope);
  let code = "";
  let thrown = 0;
  onInterruption(reader, () => {
    code = "";
    prompt("> ");
  });
  const stopCatching = catchFloating((error, how) => {
    thrown += 1;
    tellOf(error, how, options);
    promptAgain();
  });
  prompt("> ");
  for await (const line of reader) {
    if (code === "" && line.trim() === ".exit") break;
    code += `${line}\n`;
    if (topLevel(code).isOpen) {
      prompt("... ");
      continue;
    }
    const text = code;
    code = "";
    if (text.trim() !== "" && !(await isAnswered(text, scope, options))) thrown += 1;
    prompt("> ");
  }
  reader.close();
  stopCatching();
  return thrown;
}

/** What lines are read from, and what is shown before each: on a terminal only. */
interface LineReader {
  readonly reader: Interface;
  readonly prompt: (text: string) => void;
  /** Shows it once more, with what has been typed behind it. */
  readonly promptAgain: () => void;
}

function openReader(scope: Scope): LineReader {
  const input = process.stdin;
  if (!input.isTTY) return { reader: createInterface({ input }), prompt: () => {}, promptAgain: () => {} };
  const reader = createInterface({ input, output: process.stdout, terminal: true, completer: completerOf(scope) });
  return {
    reader,
    prompt: (text) => {
      reader.setPrompt(text);
      reader.prompt();
    },
    promptAgain: () => reader.prompt(true),
  };
}

/** Hears of errors that no line is there any more to throw: they end no shell. Returns what ends the hearing. */
function catchFloating(onError: (error: unknown, how: string) => void): () => void {
  const onRejection = (error: unknown): void => onError(error, "Uncaught (in promise)");
  const onException = (error: unknown): void => onError(error, "Uncaught");
  process.on("unhandledRejection", onRejection).on("uncaughtException", onException);
  return () => void process.off("unhandledRejection", onRejection).off("uncaughtException", onException);
}

/** Ctrl-C forgets what was begun to be typed. */
function onInterruption(reader: Interface, forget: () => void): void {
  reader.on("SIGINT", () => {
    process.stdout.write("\n(Ctrl-D or .exit ends the shell)\n");
    forget();
  });
}

/** Evaluates and prints. Whether nothing was thrown. */
async function isAnswered(text: string, scope: Scope, options: ReplOptions): Promise<boolean> {
  const { terminal, isJson } = options;
  try {
    if (isDotCommand(text)) {
      const answer = answerOf(text, scope);
      terminal.print(isJson ? JSON.stringify(answer) : answer);
      return true;
    }
    const { value } = await evaluate(text, scope);
    if (value === undefined) return true;
    scope["_"] = value;
    const colors = terminal.paint("red", "") !== "";
    // JSON has no word for a function.
    terminal.print(isJson ? (JSON.stringify(value) ?? "null") : inspect(value, { colors }));
    return true;
  } catch (error) {
    tellOf(error, "Uncaught", options);
    return false;
  }
}

function tellOf(error: unknown, how: string, { isDebug }: ReplOptions): void {
  const { name = "Error" }: { readonly name?: unknown } = Object(error);
  const hasStack = isDebug && error instanceof Error && error.stack !== undefined;
  tellAside(`${how} ${hasStack ? error.stack : `${String(name)}: ${lineOf(error)}`}`);
}
