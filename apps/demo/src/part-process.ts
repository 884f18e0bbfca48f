/**
 * One part as a child process: started, heard, and ended.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Part } from "./plan.ts";
import { repository } from "./repository.ts";
import type { Runtime } from "./runtime.ts";

/** A part that has been started. */
export interface PartProcess {
  /** Resolves when it has ended, with how: `code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Asks it to end, and makes it end when it does not. */
  stop(): Promise<void>;
}

/** Milliseconds for a part to end when it is asked to. */
const patience = 4000;

/** Variables of the user's that are about another deployment than this one. */
const foreign = /^(?:QSTASH_|UPSTASH_|UMBEL_|REDIS_URL$|NODE_ENV$|NODE_OPTIONS$)/;

/** Starts a part; `hear` gets each line that it writes. It ends when this process does: see leash.ts. */
export function startPart(part: Part, runtime: Runtime, hear: (line: string) => void): PartProcess {
  const leash = fileURLToPath(new URL("leash.ts", import.meta.url));
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const child = spawn(process.execPath, [...runtime.flags(leash), part.file, ...part.args], {
    cwd: repository,
    env: { ...Object.fromEntries(own), ...part.environment, UMBEL_STARTER: String(process.pid) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines = [child.stdout, child.stderr].map((input) => createInterface({ input }).on("line", hear));
  const ended = endOf(child);
  return {
    ended,
    async stop() {
      for (const each of lines) each.removeAllListeners("line"); // What it says of being ended is no news.
      await end(child, ended);
    },
  };
}

async function endOf(child: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
  });
}

async function end(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill("SIGTERM");
  const force = setTimeout(() => void child.kill("SIGKILL"), patience);
  await ended;
  clearTimeout(force);
}
