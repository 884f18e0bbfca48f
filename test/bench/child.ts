/**
 * A program that the bench has started, and the questions it answers.
 *
 * A producer reads questions from its input, a line of JSON each, and answers each with a line of JSON.
 *
 * @module
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";

/** Path of the repository's root. */
export const repository: string = fileURLToPath(new URL("../../", import.meta.url));

/** What a producer is asked to do; `scenario` says what. */
export interface Question {
  readonly scenario: string;
  readonly count: number;
  /** Of each canvas. */
  readonly size?: number;
}

/** How long it took: seconds for all of it, or of each of several. */
export interface Answer {
  readonly seconds: readonly number[];
}

const Answer: z.ZodMiniType<Answer> = z.object({ seconds: z.array(z.number()) });

/** A running program. */
export interface Child {
  readonly pid: number;
  /** What it has written, both streams together. */
  output(): string;
  /** Resolves once it has written something that fits; rejects, with all it wrote, when it ends before or is too slow. */
  until(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
  /** Asks a producer. Rejects when it ends without an answer, or answers something else. */
  ask(question: Question): Promise<readonly number[]>;
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

const children = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

/** Starts a program in the repository's root. It does not outlive the bench. */
export function startChild(
  [command, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Child {
  const child = spawn(command, args, { cwd: repository, env: { ...process.env, ...environment } });
  children.add(child);
  let text = "";
  const answers: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => void (text += String(chunk)));
  createInterface(child.stdout).on("line", (line) => {
    if (line.startsWith("{")) answers.push(line);
    else text += `${line}\n`;
    child.emit("heard");
  });
  child.stderr.on("data", () => child.emit("heard"));
  const ended = once(child, "exit");

  async function hear<Found>(look: () => Found | undefined | null, what: string): Promise<Found> {
    for (;;) {
      const found = look();
      if (found !== undefined && found !== null) return found;
      if (hasEnded(child)) throw new Error(`${command} ${args.join(" ")}: ${what}; it wrote:\n${text}`);
      await Promise.race([once(child, "heard"), ended]);
    }
  }

  return {
    pid: child.pid ?? 0,
    output: () => text,
    async until(pattern, seconds = 60) {
      const complaint = () => new Error(`${command} has not written ${pattern}, but:\n${text}`);
      return await within(seconds, hear(() => pattern.exec(text), `it ended before ${pattern}`), complaint);
    },
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return Answer.parse(JSON.parse(await hear(() => answers.shift(), `no answer to ${question.scenario}`))).seconds;
    },
    async stop(signal = "SIGTERM") {
      if (!hasEnded(child)) child.kill(signal);
      await ended;
      children.delete(child);
    },
  };
}

/** Ids of a process and of those that it has started, and so on. */
export function familyOf(pid: number): readonly number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const parent of found) found.push(...rows.flatMap(([child = 0, of]) => (of === parent ? [child] : [])));
  return found;
}

async function within<Value>(seconds: number, value: Promise<Value>, complaint: () => Error): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(complaint()), seconds * 1000);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
