/**
 * The command line as a process of its own.
 *
 * @module
 */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { repository, runtimes } from "@umbel/test/running-program";

/** What a command came to. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how it runs. */
export interface Place {
  readonly runtime?: keyof typeof runtimes;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Hundreds of processes read the same sources: Node keeps what it makes of them, which is half of what each of them does. */
export const compiled: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: join(repository, "node_modules/.cache/umbel-cli"),
};

/** The words that start it. */
export function commandOf(
  args: readonly string[],
  runtime: keyof typeof runtimes = "node",
): readonly [string, ...string[]] {
  return [...runtimes[runtime], "packages/cli/src/bin.ts", ...args];
}

/** Runs it in the repository's root until it ends. */
export async function umbel(args: readonly string[], { runtime, environment = {} }: Place = {}): Promise<Answer> {
  return await run(commandOf(args, runtime), environment);
}

/** Runs a program in the repository's root until it ends. */
export async function run(
  [file, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const env = { ...process.env, ...compiled, NODE_ENV: "test", ...environment };
  const options = { cwd: repository, env, timeout: 120_000 };
  return await new Promise((resolve) => {
    execFile(join(repository, file), args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}
