/**
 * Umbel's command line: `umbel -A MODULE COMMAND`, on Node, Bun and Deno.
 *
 * It loads an application's module and does with it what the command says. `umbel worker` and `umbel dev` serve its tasks;
 * nothing else here runs one.
 *
 * ```ts
 * process.exit(await runUmbel(["-A", "./tasks.ts", "schedule", "list"]));
 * ```
 *
 * @module
 */

export { runUmbel } from "./run.ts";
