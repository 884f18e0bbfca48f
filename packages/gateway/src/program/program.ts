/**
 * The gateway as a program, on Bun, Deno and Node: `npx @umbel/gateway --port 8080 --rest-port 8079 --data DIR`.
 *
 * The one place in this package that sees an adapter: the embedded Redis engine runs what the application's scripts ask
 * of it, and a program that is started by hand has no application to hand them over.
 *
 * @module
 */

import process from "node:process";
import { scripts } from "@umbel/upstash-redis";
import type { ServedGateway } from "../serve.ts";
import { type Arguments, readArguments, UsageError } from "./arguments.ts";
import { bannerOf } from "./banner.ts";
import { help } from "./flags.ts";
import { version } from "./version.ts";

/**
 * Runs the program with the arguments of its command line, until it is told to stop. Ends the process with 2 when it was
 * called wrongly, with 1 when it cannot start or its disk fails.
 */
export async function runGateway(args: readonly string[]): Promise<void> {
  try {
    const asked = readArguments(args, environment);
    if (asked.help) console.log(help);
    else if (asked.version) console.log(version);
    else await start(asked);
  } catch (error) {
    console.error(`gateway: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

async function start(asked: Arguments): Promise<void> {
  await checkRuntime();
  const { serveGateway } = await import("../serve.ts"); // Not before: a runtime without SQLite cannot load it.
  const gateway = await serveGateway({ ...asked, hostname: asked.host, environment, scripts }).catch(refuse);
  void gateway.failed.then(fail);
  // Before its first word: whoever reads that it is there may tell it to stop.
  process.once("SIGINT", () => void stop(gateway));
  process.once("SIGTERM", () => void stop(gateway));
  for (const line of bannerOf({ gateway, data: asked.data, environment: process.env })) console.log(line);
}

/** A port that is taken is told with what helps; what else went wrong says so itself. */
function refuse(error: unknown): never {
  const isTaken = error instanceof Error && error.name === "PortTaken"; // The class is loaded late, with all that serves.
  if (!isTaken) throw error;
  throw new Error(
    `${error.message}. Programs that name no other would go on to reach it: end it with Ctrl-C where it was started, or take other ports by --port and --rest-port, and give your programs the variables that are printed then`,
    { cause: error },
  );
}

/** Throws, where this runtime has no SQLite of its own, what it is and what to use. */
async function checkRuntime(): Promise<void> {
  try {
    await import("node:sqlite");
  } catch (cause) {
    const reason = "the gateway keeps its messages with node:sqlite";
    throw new Error(`Node ${process.versions.node} is too old: ${reason}. Use Node 22.13 or later, Bun or Deno.`, {
      cause,
    });
  }
}

/** Whoever watches over the program starts it again: then what is on the disk counts. */
function fail(error: Error): void {
  console.error(`gateway: ${error.message}`);
  process.exit(1);
}

function environment(name: string): string | undefined {
  return process.env[name];
}

/** What is under way is delivered again at the next start. */
async function stop(gateway: ServedGateway): Promise<void> {
  await gateway.close();
  process.exit(0);
}
