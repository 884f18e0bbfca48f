/**
 * Celery's commands that there is nothing for here, and why.
 *
 * @module
 */

import { NotSupportedError } from "@umbel/protocol";

const pool =
  "a worker here has no pool of processes: its platform runs as many instances as requests come, and a task's " +
  "parallelism, or rate_limit, says how many run at once";
const debugging = "a worker here lives for one request, and nobody can look into its memory from outside";

const reasons: ReadonlyMap<string, string> = new Map([
  ["pool_grow", pool],
  ["pool_shrink", pool],
  ["pool_restart", pool],
  ["autoscale", pool],
  ["heartbeat", "a worker here is not asked: it says that it is there with each claim, and while it is busy"],
  ["election", "workers here elect nobody: the store decides"],
  ["hello", "workers here tell each other nothing: all of them go by the store"],
  ["memsample", debugging],
  ["memdump", debugging],
  ["objgraph", debugging],
]);

/** Throws `NotSupportedError` for one of Celery's commands that there is nothing for here. */
export function refuseUnsupported(command: string): void {
  const reason = reasons.get(command);
  if (reason !== undefined) throw new NotSupportedError(`There is no ${command}: ${reason}`);
}

/** Their names. */
export const unsupportedCommands: readonly string[] = [...reasons.keys()];
