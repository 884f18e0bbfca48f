/**
 * `umbel conf`: an application's settings, and whether a module of settings is good.
 *
 * @module
 */

import process from "node:process";
import type { Command } from "commander";
import type { ConfigFromOptions } from "umbel";
import { findApplication, isApplication } from "../application/find-application.ts";
import { undotted } from "../application/dotted-address.ts";
import { type Exports, loadModule } from "../application/load-module.ts";
import { readAddress } from "../application/module-address.ts";
import { examplesOf } from "../examples.ts";
import { CommandError, lineOf } from "../failure.ts";
import { type Session, sessionOf } from "../session.ts";

/** What can be asked of it. */
interface ConfFlags {
  readonly check?: string;
  readonly namespace?: string;
  readonly withDefaults?: boolean;
}

/** Adds the command. */
export function addConf(program: Command): void {
  program
    .command("conf")
    .description("the application's settings, without secrets; or whether a module of settings is good")
    .option("--with-defaults", "also what has its default")
    .option("--check <module>", "only say whether configFrom() takes this module, or the application in it was made")
    .option("--namespace <name>", "what names of settings begin with in the module that is checked, as CELERY")
    .addHelpText(
      "after",
      examplesOf(
        "-A ./tasks.ts conf",
        "-A ./tasks.ts conf --with-defaults",
        "conf --check ./settings.ts",
        "conf --check ./celeryconfig.ts --namespace CELERY",
      ),
    )
    .action(async (flags: ConfFlags, command: Command) => {
      const session = sessionOf(command);
      await (flags.check === undefined ? showSettings(session, flags) : check(session, flags.check, flags));
    });
}

async function showSettings({ terminal, isJson, load }: Session, { withDefaults = false }: ConfFlags): Promise<void> {
  const { conf } = (await load()).app;
  terminal.print(isJson ? JSON.stringify(conf.table({ withDefaults })) : conf.humanize({ withDefaults }));
}

/** Loads the module, which has an application refuse its settings; a module of settings is given to one that is made for it. */
async function check({ terminal, isJson }: Session, module: string, flags: ConfFlags): Promise<void> {
  const address = await undotted(readAddress(module), process.cwd());
  const exports = await loadModule(address, process.cwd());
  const { settings, notes } = Object.values(exports).some(isApplication)
    ? { settings: findApplication(exports, address).app.conf.table(), notes: [] }
    : await taken(exports, { ...flags, module });
  if (isJson) return terminal.print(JSON.stringify({ module, settings, notes }));
  for (const note of notes) terminal.print(note);
  terminal.print(`${module} is good: it sets ${Object.keys(settings).join(", ") || "nothing"}`);
}

/** What an application takes of it, and what is left out and why. Throws `CommandError` that names the nearest settings. */
async function taken(exports: Exports, { module, namespace }: ConfFlags & { readonly module: string }) {
  const options = namespace === undefined ? {} : { namespace };
  try {
    return await takenFrom({ ...exports }, options);
  } catch (cause) {
    const each = await refusals(exports, options);
    const reasons = each.length === 0 ? [lineOf(cause)] : each; // Settings that are good, each by itself.
    throw new CommandError(`${module} is refused: ${reasons.join(". ")}`, { cause });
  }
}

async function takenFrom(source: object, options: ConfigFromOptions) {
  const { configFrom, Umbel } = await import("umbel");
  const app = new Umbel("conf", { log: () => undefined });
  const notes = configFrom(app, source, options);
  return { settings: app.conf.table(), notes };
}

/** All that is wrong, and not only what comes first: each setting is taken by itself. */
async function refusals(exports: Exports, options: ConfigFromOptions): Promise<readonly string[]> {
  const { default: inner, ...own } = exports;
  const settings = Object.entries({ ...(typeof inner === "object" ? inner : {}), ...own });
  const taking = await Promise.allSettled(settings.map(([name, value]) => takenFrom({ [name]: value }, options)));
  return taking.flatMap((each) => (each.status === "rejected" ? [lineOf(each.reason)] : []));
}
