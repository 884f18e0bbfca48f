/**
 * Celery's commands that there are none of here: what does it instead is told to whoever types one.
 *
 * @module
 */

import type { Command } from "commander";
import { UsageError } from "../failure.ts";

/** What to do in place of each. */
const instead = {
  multi: "a worker is an HTTP app: serve worker(app) of umbel/worker, and the platform has as many as it takes",
  amqp: "there is no AMQP here: umbel inspect reserved shows what waits, umbel purge deletes it",
  migrate:
    "messages stay with their broker: route new calls to another worker by UMBEL_QUEUES, and let the old ones end",
  upgrade: "settings have one writing here: umbel conf --check MODULE names what is none",
  logtool: "log lines are JSON where jsonLog() of umbel writes them, and umbel logs shows what became of tasks",
} as const;

/** Adds them, unseen in the help. Each throws `UsageError`, whatever comes with it. */
export function addCeleryCommands(program: Command): void {
  for (const [name, what] of Object.entries(instead)) {
    program
      .command(name, { hidden: true })
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new UsageError(`there is no umbel ${name}: ${what}`);
      });
  }
}
