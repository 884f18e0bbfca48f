/**
 * Umbel's command line: `umbel -A MODULE COMMAND`, on Node, Bun and Deno.
 *
 * It loads an application's module and does with it what the command says. It serves nothing and runs no task.
 *
 * ```ts
 * process.exit(await runUmbel(["-A", "./tasks.ts", "schedule", "list"]));
 * ```
 *
 * @module
 */

export { runUmbel } from "./run.ts";
