/**
 * What goes wrong outside of every task: a task has begun something, has not waited for it, and is over.
 *
 * @module
 */

import process from "node:process";
import type { Logger } from "umbel";
import { stackOf } from "../failure.ts";

/**
 * Logs each promise that is rejected when nobody awaits it, and lets the process live: Node, Bun and Deno would end it, and with
 * it every other task that it runs. An error that is thrown ends it, on all of them: nobody knows what it has left undone.
 * Which task it was the runtimes do not tell; the stack often does.
 */
export function tellStrayErrors(log: Pick<Logger, "error">): void {
  process.on("unhandledRejection", (reason) => {
    log.error(`A promise was rejected that nobody awaits; await what a task begins: ${stackOf(reason)}`);
  });
  process.on("uncaughtException", (error) => {
    log.error(`An error was thrown outside of every task, so the worker ends: ${stackOf(error)}`);
    process.exit(1);
  });
}
