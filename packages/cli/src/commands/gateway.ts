/**
 * `umbel gateway`: the broker and the store of a machine without a cloud account, which is a program of its own.
 *
 * @module
 */

import type { Command } from "commander";
import { examplesOf } from "../examples.ts";
import { sessionOf } from "../session.ts";
import { letOutputThrough } from "../terminal.ts";

/** Adds the command. Its flags are the gateway's own, and what it tells is the gateway's. */
export function addGateway(program: Command): void {
  program
    .command("gateway")
    .description("serve QStash's API and Redis over REST from this machine, until it is stopped")
    .argument("[flags...]", "the gateway's: umbel gateway --help has them all")
    .helpOption(false)
    .allowUnknownOption()
    .addHelpText("after", examples)
    .action(async (flags: readonly string[], _none: object, command: Command) => {
      const { runGateway } = await import("@umbel/gateway/program");
      letOutputThrough(sessionOf(command).isJson);
      await runGateway(flags);
      if (flags.some((each) => each === "--help" || each === "-h")) return console.log(examples);
      await new Promise(() => undefined); // It ends the process itself.
    });
}

const examples = examplesOf(
  "gateway",
  "gateway --port 8080 --rest-port 8079 --data ./data",
  "gateway --data :memory: --concurrency 8",
);
