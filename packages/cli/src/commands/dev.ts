/**
 * `umbel dev`, as it is written.
 *
 * @module
 */

import type { Command } from "commander";
import type { LogLevel } from "umbel";
import { examplesOf } from "../examples.ts";
import { UsageError } from "../failure.ts";
import { sessionOf } from "../session.ts";
import { levelOf } from "./level.ts";
import { optionOf } from "./option.ts";
import { portOf } from "./quantity.ts";

/** What can be asked of it. */
export interface DevFlags {
  readonly loglevel: LogLevel;
  readonly port: number;
  readonly gatewayPort: number;
  readonly restPort: number;
  /** A folder, or `:memory:`. */
  readonly data: string;
  /** Folders besides the module's. */
  readonly watch: readonly string[];
  readonly events: boolean;
}

/** Adds the command. */
export function addDev(program: Command): void {
  const dev = program
    .command("dev")
    .description("gateway, worker and beat on this machine, without an account; the worker reloads what has changed")
    .argument("[module]", "the module that has the application; -A names it as well")
    .option("--no-events", "do not tell what happens to tasks")
    .addHelpText(
      "after",
      examplesOf("dev ./app.ts", "dev ./app.ts --watch ./lib --data :memory:", "-A shop.ts:app dev"),
    )
    .action(async (named: string | undefined, flags: DevFlags, command: Command) => {
      const { terminal, isJson } = sessionOf(command);
      const { app }: { readonly app?: string } = command.optsWithGlobals();
      const module = named ?? app;
      if (module === undefined) throw new UsageError("no application is named: umbel dev ./app.ts, or set UMBEL_APP");
      const { devService } = await import("./dev-service.ts");
      await devService(module, { terminal, isJson, flags });
    });
  for (const option of options) dev.addOption(option);
}

const options = [
  optionOf("-l, --loglevel <level>", "the worker's: debug, info, warning, error or critical", levelOf).default("INFO"),
  optionOf("--port <port>", "the worker's; 0 is any", portOf).default(8787),
  optionOf("--gateway-port <port>", "that of QStash's API; as above", portOf).default(8080),
  optionOf("--rest-port <port>", "that of Redis over REST; as above", portOf).default(8079),
  optionOf("--data <folder>", "where the gateway keeps all, or :memory:").default(".umbel/dev"),
  optionOf("--watch <folders...>", "further folders whose changes count").default([], "none"),
];
