/**
 * The worker of `umbel dev`: a process of its own, so that a changed module is loaded anew.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { type Heard, readLine, type Sign } from "../serving/signs.ts";
import { newStarter } from "../serving/starter.ts";
import { ownProgram } from "./own-program.ts";

/** How it is started. */
export interface WorkerProcessOptions {
  /** After the program's name. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Gets each line that it writes. */
  readonly hear: (heard: Heard) => void;
}

/** A worker that was started. */
export interface WorkerProcess {
  /** Resolves when it has ended, with how: `code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Milliseconds of {@link performance} at which it was ready; undefined while it is not. */
  readyAt(): number | undefined;
  /** Whether it listens no more, though it may go on with what runs. */
  hasLeft(): boolean;
  /** Names of tasks, of which one keeps its event loop to itself; undefined when none does. */
  blockedBy(): readonly string[] | undefined;
  /**
   * Has it finish what runs, and end; after so many seconds it is ended all the same: false says that it was. Asked again, the
   * last one's seconds count.
   */
  stop(seconds: number): Promise<boolean>;
}

/** Variables that are about another installation than this one. */
const foreign = /^(?:QSTASH_|UPSTASH_|UMBEL_(?:WORKER_URL|PUBLIC_URL|QUEUES|TARGETS)$|REDIS_URL$|NODE_ENV$)/;

/** Starts one. It ends when this process does, however that comes to its end. */
export function startWorkerProcess({ args, environment, hear }: WorkerProcessOptions): WorkerProcess {
  const [file, ...words] = ownProgram(args);
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const starter = newStarter();
  const child = spawn(file, words, {
    env: { ...Object.fromEntries(own), ...environment, ...starter.variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const state = openState();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      const heard = readLine(line, starter.mark);
      if (heard.sign !== undefined) state.change(heard.sign);
      hear(heard);
    });
  }
  const ended = endOf(child);
  return { ended, ...state, ...stopOf(child, ended) };
}

/** What is known of it by its signs. */
function openState() {
  let readyAt: number | undefined;
  let hasLeft = false;
  let blockedBy: readonly string[] | undefined;
  return {
    readyAt: () => readyAt,
    hasLeft: () => hasLeft,
    blockedBy: () => blockedBy,
    change({ ready, left, blocked, free }: Sign): void {
      if (ready === true) readyAt = performance.now();
      if (left === true) hasLeft = true;
      if (blocked !== undefined) blockedBy = blocked;
      if (free === true) blockedBy = undefined;
    },
  };
}

function stopOf(child: ChildProcess, ended: Promise<string>): Pick<WorkerProcess, "stop"> {
  let force: NodeJS.Timeout | undefined;
  return {
    async stop(seconds) {
      let isForced = false;
      if (force === undefined) kill(child, "SIGTERM"); // A second one would end it at once.
      clearTimeout(force);
      force = setTimeout(() => void (isForced = kill(child, "SIGKILL")), seconds * 1000);
      await ended;
      clearTimeout(force);
      return !isForced;
    },
  };
}

async function endOf(child: ChildProcess): Promise<string> {
  const end = (): void => void kill(child, "SIGKILL"); // At the latest when this process ends, be it in the middle.
  process.once("exit", end);
  const how = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
  });
  process.off("exit", end);
  return how;
}

/** By its id: Deno's `child.kill` sends nothing more once it has sent something. Whether it was there. */
function kill({ pid, exitCode, signalCode }: ChildProcess, signal: "SIGTERM" | "SIGKILL"): boolean {
  if (pid === undefined || exitCode !== null || signalCode !== null) return false;
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // It has ended just now.
  }
}
