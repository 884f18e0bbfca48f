/**
 * A gateway, and a worker that `umbel worker` serves the tests' tasks with.
 *
 * @module
 */

import { openGateway } from "@umbel/test/gateway";
import { launchProgram, type RunningProgram, type runtimes } from "@umbel/test/running-program";
import { type Answer, commandOf, umbel } from "./umbel.ts";

/** The module that it serves. */
export const tasksModule = "packages/cli/test/modules/tasks.ts";

/** All that runs. */
export interface TasksWorker extends AsyncDisposable {
  /** What callers need. */
  readonly environment: Readonly<Record<string, string>>;
  readonly worker: RunningProgram;
  /** Runs a command of the tasks' module; words are divided by blanks. */
  readonly command: (line: string) => Promise<Answer>;
}

/** What it is started with. */
interface TasksWorkerOptions {
  readonly runtime?: keyof typeof runtimes;
  readonly flags?: readonly string[];
  /** Of the worker alone, besides what the gateway wants. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts both. */
export async function startTasksWorker({
  runtime,
  flags = [],
  environment: own = {},
}: TasksWorkerOptions = {}): Promise<TasksWorker> {
  const gateway = await openGateway();
  const words = ["-A", tasksModule, "worker", "--port", "0", ...flags];
  const worker = launchProgram(commandOf(words, runtime), { ...gateway.variables, ...own });
  const [, url = ""] = await worker.until(/served at: +(\S+)\n[^]* ready\./);
  const environment = { ...gateway.variables, UMBEL_WORKER_URL: url };
  return {
    environment,
    worker,
    command: async (line) => await umbel(["-A", tasksModule, ...line.split(" ")], { environment }),
    async [Symbol.asyncDispose]() {
      await worker.killed();
      await gateway.close();
    },
  };
}
