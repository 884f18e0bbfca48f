/**
 * `umbel shell`: JavaScript, line by line, with the application, its tasks and the canvas.
 *
 * @module
 */

import process from "node:process";
import type { Command } from "commander";
import { examplesOf } from "../examples.ts";
import { AnsweredError } from "../failure.ts";
import { sessionOf } from "../session.ts";
import { letOutputThrough } from "../terminal.ts";
import { version } from "../version.ts";
import { addMeaningless, type Meaningless, refuseMeaningless } from "./meaningless.ts";

/** Adds the command. */
export function addShell(program: Command): void {
  const shell = program
    .command("shell")
    .description(
      "evaluate JavaScript with the application, its tasks and the canvas loaded; await works at the top level",
    )
    .option("-T, --without-tasks", "only the application and the canvas")
    .addHelpText("after", examplesOf("-A ./tasks.ts shell", "-A ./tasks.ts shell < lines.js"))
    .action(async (flags: { readonly withoutTasks?: true }, command: Command) => {
      refuseMeaningless(flags, meaningless);
      const { terminal, isJson, isDebug, load } = sessionOf(command);
      const { app, exports, module } = await load();
      const [{ namesIn }, { runRepl }] = await Promise.all([import("../shell/names.ts"), import("../shell/repl.ts")]);
      const scope = namesIn({ app, exports, withTasks: flags.withoutTasks !== true });
      if (process.stdin.isTTY) {
        terminal.print(
          `Umbel ${version}, the application ${app.name} of ${module}. .help says what it can, Ctrl-D or .exit ends it.`,
        );
        terminal.print(`There are ${Object.keys(scope).join(", ")}.`);
      }
      letOutputThrough(isJson); // What the lines print is wanted where their values are.
      const thrown = await runRepl(scope, { terminal, isJson, isDebug });
      if (thrown > 0 && !process.stdin.isTTY) throw new AnsweredError(`${thrown} of the lines threw`);
    });
  addMeaningless(shell, meaningless);
}

const one = "there is one shell, which runs on Node, Bun and Deno: leave it out";

const meaningless: Meaningless = {
  "-I, --ipython": `-I: ${one}`,
  "-B, --bpython": `-B: ${one}`,
  "--python": `--python: ${one}`,
  "--eventlet": `--eventlet: ${one}`,
  "--gevent": `--gevent: ${one}`,
};
