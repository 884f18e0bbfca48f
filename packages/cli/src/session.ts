/**
 * What a command works with: what was asked of all commands alike, a terminal, and the application's module.
 *
 * @module
 */

import process from "node:process";
import type { Command } from "commander";
import { type AddressFlags, asCalled, useAddresses } from "./addresses.ts";
import { type Found, findApplication } from "./application/find-application.ts";
import { undotted } from "./application/dotted-address.ts";
import { loadModule } from "./application/load-module.ts";
import { readAddress } from "./application/module-address.ts";
import { UsageError } from "./failure.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** What can be asked of every command. */
interface CommonFlags extends AddressFlags {
  readonly app?: string;
  readonly json?: boolean;
  readonly debug?: boolean;
  readonly color: boolean;
}

/** What a command works with. */
export interface Session {
  readonly terminal: Terminal;
  /** Whether its answer is to be JSON. */
  readonly isJson: boolean;
  /** Whether an error is told with its stack. */
  readonly isDebug: boolean;
  /** A sentence, with the flag in place of a variable that the flag has set. */
  readonly asCalled: (text: string) => string;
  /** Loads the application's module. Throws `UsageError` when none is named, `CommandError` when it cannot be used. */
  readonly load: () => Promise<Found>;
}

/** Opens the session of a command that was called. Throws `UsageError`. */
export function sessionOf(command: Command): Session {
  const flags = command.optsWithGlobals<CommonFlags>();
  useAddresses(flags);
  return {
    terminal: openTerminal(process.stdout, flags.color),
    isJson: flags.json === true,
    isDebug: flags.debug === true,
    asCalled: (text) => asCalled(text, flags),
    async load() {
      if (flags.app === undefined || flags.app === "")
        throw new UsageError(`no application is named: ${howToName(command)}`);
      const address = await undotted(readAddress(flags.app), process.cwd());
      return findApplication(await loadModule(address, process.cwd()), address);
    },
  };
}

function howToName(command: Command): string {
  const words: string[] = [];
  for (let each: Command | null = command; each?.parent; each = each.parent) words.unshift(each.name());
  return `umbel -A ./tasks.ts ${words.join(" ")}, or set UMBEL_APP`;
}
