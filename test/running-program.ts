/**
 * A program that a test has started, and what it has written so far.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** Path of the repository's root. */
export const repository: string = fileURLToPath(new URL("../", import.meta.url));

/** The runtimes in the tree, and what each needs to run a TypeScript file of ours. */
export const runtimes: Readonly<Record<"bun" | "deno" | "node", readonly [string, ...string[]]>> = {
  bun: ["node_modules/.bin/bun", "--conditions=@umbel/source"],
  deno: ["node_modules/.bin/deno", "run", "-A", "--conditions=@umbel/source"],
  node: ["node_modules/.bin/node", "--conditions=@umbel/source", "--disable-warning=ExperimentalWarning"],
};

/** A program that runs. */
export interface RunningProgram {
  readonly pid: number;
  /** What it has written, both streams together. */
  output(): string;
  /** Resolves once it has written something that fits; rejects, with all it wrote, when it does not in time or ends. */
  until(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
  /** Resolves once it has ended with this exit code; rejects, with all it wrote, when it does not in time, or with another. */
  endsWith(code: number, seconds?: number): Promise<void>;
  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void;
  /** Kills it without a word; resolves when it is gone. */
  killed(): Promise<void>;
}

/** Starts a program in the repository's root. It does not outlive the test. */
export function startProgram(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): RunningProgram {
  const program = launchProgram(command, environment);
  onTestFinished(() => program.kill("SIGKILL"));
  return program;
}

/** Starts a program in the repository's root, which whoever calls has to kill. */
export function launchProgram(
  [command, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): RunningProgram {
  const child = spawn(command, args, { cwd: repository, env: { ...process.env, ...environment } });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => void (text += String(chunk)));
  // Later than its end: what it wrote last is there by then.
  let isClosed = false;
  child.once("close", () => (isClosed = true));
  return {
    pid: child.pid ?? 0,
    output: () => text,
    kill: (signal) => void child.kill(signal),
    async killed() {
      if (hasEnded(child)) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
    async until(pattern, seconds = 100) {
      const found = await poll(seconds, () => pattern.exec(text) ?? (isClosed ? undefined : false));
      if (found) return found;
      throw new Error(`It has not written ${pattern} within ${seconds} s, but:\n${text}`);
    },
    async endsWith(code, seconds = 100) {
      const isOver = await poll(seconds, () => hasEnded(child));
      if (isOver && child.exitCode === code) return;
      const end = isOver ? `ended with ${child.exitCode ?? child.signalCode}` : `not ended within ${seconds} s`;
      throw new Error(`It has ${end}; it wrote:\n${text}`);
    },
  };
}

/** Asks until the answer is not false, at most for so many seconds. */
export async function poll<Answer>(seconds: number, ask: () => Answer | Promise<Answer>): Promise<Answer> {
  const giveUpAt = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== false || Date.now() > giveUpAt) return answer;
    await sleep(25);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
