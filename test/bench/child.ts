/**
 * A program that the bench has started, and the questions it answers.
 *
 * A producer reads questions from its input, a line of JSON each, and answers each with a line of JSON.
 *
 * @module
 */

import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
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
  readonly ask: (question: Question) => Promise<readonly number[]>;
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

const children = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** Starts a program in the repository's root. It does not outlive the bench. */
export function startChild(
  [command, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Child {
  const child = spawn(command, args, { cwd: repository, env: { ...process.env, ...environment } });
  children.add(child);
  const ended = once(child, "exit");
  const heard = listenTo(child);

  async function hear<Found>(look: () => Found | undefined | null, what: string): Promise<Found> {
    for (;;) {
      const found = look();
      if (found !== undefined && found !== null) return found;
      if (hasEnded(child)) throw new Error(`${command} ${args.join(" ")} ended without ${what}:\n${heard.text}`);
      await Promise.race([once(child, "heard"), ended]);
    }
  }

  return {
    pid: child.pid ?? 0,
    output: () => heard.text,
    async until(pattern, seconds = 60) {
      const found = hear(() => pattern.exec(heard.text), String(pattern));
      return await within(
        seconds,
        found,
        () => new Error(`${command} has not written ${pattern}, but:\n${heard.text}`),
      );
    },
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const line = await hear(() => heard.answers.shift(), `an answer to ${question.scenario}`);
      return Answer.parse(JSON.parse(line)).seconds;
    },
    async stop(signal = "SIGTERM") {
      if (!hasEnded(child)) child.kill(signal);
      await ended;
      children.delete(child);
    },
  };
}

/** What a program writes: answers, and everything else. Emits "heard" whenever there is more. */
function listenTo(child: ChildProcessWithoutNullStreams): { text: string; readonly answers: string[] } {
  const heard: ReturnType<typeof listenTo> = { text: "", answers: [] };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => {
      if (line.startsWith("{")) heard.answers.push(line);
      else heard.text += `${line}\n`;
      child.emit("heard");
    });
  }
  return heard;
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
