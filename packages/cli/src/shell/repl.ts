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
  const isTerminal = process.stdin.isTTY;
  const reader = createInterface({
    input: process.stdin,
    ...(isTerminal && { output: process.stdout, terminal: true, completer: completerOf(scope) }),
  });
  const prompt = (text: string) => {
    reader.setPrompt(text);
    if (isTerminal) reader.prompt();
  };
  let code = "";
  let thrown = 0;
  onInterruption(reader, () => {
    code = "";
    prompt("> ");
  });
  const stopCatching = catchFloating((error, how) => {
    thrown += 1;
    tellOf(error, how, options);
    if (isTerminal) reader.prompt(true);
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

/** Completes names of the scope, and properties of what they stand for. */
function completerOf(scope: Scope) {
  return (line: string): [string[], string] => {
    const [word = ""] = /[\w$.]*$/.exec(line) ?? [];
    const dot = word.lastIndexOf(".");
    const owner = dot < 0 ? scope : scope[word.slice(0, dot)];
    const before = word.slice(0, dot + 1);
    const names = namesOf(owner).map((name) => before + name);
    return [names.filter((name) => name.startsWith(word)), word];
  };
}

function namesOf(owner: unknown): readonly string[] {
  if (owner === null || owner === undefined) return [];
  const own = Object.getOwnPropertyNames(owner);
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(Object(owner)) ?? {});
  return [...new Set([...own, ...inherited])].filter((name) => /^[\w$]+$/.test(name));
}
