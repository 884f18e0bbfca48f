/**
 * What a command works with: what was asked of all commands alike, a terminal, and the application's module.
 *
 * @module
 */

import process from "node:process";
import type { Command } from "commander";
import { type Found, findApplication } from "./application/find-application.ts";
import { loadModule } from "./application/load-module.ts";
import { readAddress } from "./application/module-address.ts";
import { UsageError } from "./failure.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** What can be asked of every command. */
interface CommonFlags {
  readonly app?: string;
  readonly broker?: string;
  readonly resultBackend?: string;
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
  /** Loads the application's module. Throws `UsageError` when none is named, `CommandError` when it cannot be used. */
  readonly load: () => Promise<Found>;
}

/** Opens the session of a command that was called. Throws `UsageError`. */
export function sessionOf(command: Command): Session {
  const flags = command.optsWithGlobals<CommonFlags>();
  setAddress(broker, flags.broker);
  setAddress(store, flags.resultBackend);
  return {
    terminal: openTerminal(process.stdout, flags.color),
    isJson: flags.json === true,
    isDebug: flags.debug === true,
    async load() {
      if (flags.app === undefined || flags.app === "")
        throw new UsageError(`no application is named: ${howToName(command)}`);
      const address = readAddress(flags.app);
      return findApplication(await loadModule(address, process.cwd()), address);
    },
  };
}

/** An address that a flag says in place of a variable. The example is where the gateway listens. */
const broker = { variable: "QSTASH_URL", flag: "-b", example: "http://127.0.0.1:8080" } as const;
const store = {
  variable: "UPSTASH_REDIS_REST_URL",
  flag: "--result-backend",
  example: "http://127.0.0.1:8079",
} as const;

/** Adapters read their addresses from the environment when they are first needed, which is later. */
function setAddress({ variable, flag, example }: typeof broker | typeof store, url: string | undefined): void {
  if (url === undefined) return;
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new UsageError(`${flag} takes an address such as ${example}, not "${url}"`);
  }
  process.env[variable] = url;
}

function howToName(command: Command): string {
  const words: string[] = [];
  for (let each: Command | null = command; each?.parent; each = each.parent) words.unshift(each.name());
  return `umbel -A ./tasks.ts ${words.join(" ")}, or set UMBEL_APP`;
}
