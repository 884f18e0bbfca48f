/**
 * The worker of `umbel dev`: a process of its own, so that a changed module is loaded anew.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { starterVariable } from "./leash.ts";
import { ownProgram } from "./own-program.ts";

/** How it is started. */
export interface WorkerProcessOptions {
  /** After the program's name. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Gets each line that it writes. */
  readonly hear: (line: string) => void;
}

/** A worker that was started. */
export interface WorkerProcess {
  /** Resolves when it has ended, with how: `code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /**
   * Has it finish what runs, and end; after so many seconds it is ended all the same: false says that it was. Asked again, the
   * last one's seconds count.
   */
  stop(seconds: number): Promise<boolean>;
}

/** Variables that are about another installation than this one. */
const foreign = /^(?:QSTASH_|UPSTASH_|UMBEL_(?:WORKER_URL|PUBLIC_URL|QUEUES|TARGETS)$|REDIS_URL$|NODE_ENV$)/;

/** Starts one. It ends when this process does. */
export function startWorkerProcess({ args, environment, hear }: WorkerProcessOptions): WorkerProcess {
  const [file, ...words] = ownProgram(args);
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const child = spawn(file, words, {
    env: { ...Object.fromEntries(own), ...environment, [starterVariable]: String(process.pid) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", hear);
  const ended = endOf(child);
  let force: NodeJS.Timeout | undefined;
  return {
    ended,
    async stop(seconds) {
      let isForced = false;
      if (force === undefined) child.kill("SIGTERM"); // A second one would end it at once.
      clearTimeout(force);
      force = setTimeout(() => void (isForced = child.kill("SIGKILL")), seconds * 1000);
      await ended;
      clearTimeout(force);
      return !isForced;
    },
  };
}

async function endOf(child: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
  });
}
