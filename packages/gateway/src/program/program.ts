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
import { type ServedGateway, serveGateway } from "../serve.ts";
import { type Arguments, readArguments, usage, UsageError } from "./arguments.ts";
import { bannerOf } from "./banner.ts";

/**
 * Runs the program with the arguments of its command line, until it is told to stop. Ends the process with 2 when it was
 * called wrongly, with 1 when it cannot start.
 */
export async function runGateway(args: readonly string[]): Promise<void> {
  try {
    const asked = readArguments(args, environment);
    if (asked.help) console.log(`Usage: ${usage}`);
    else await start(asked);
  } catch (error) {
    console.error(`gateway: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

async function start(asked: Arguments): Promise<void> {
  const gateway = await serveGateway({ ...asked, hostname: asked.host, environment, scripts });
  for (const line of bannerOf({ gateway, data: asked.data, environment: process.env })) console.log(line);
  process.once("SIGINT", () => void stop(gateway));
  process.once("SIGTERM", () => void stop(gateway));
}

function environment(name: string): string | undefined {
  return process.env[name];
}

/** What is under way is delivered again at the next start. */
async function stop(gateway: ServedGateway): Promise<void> {
  await gateway.close();
  process.exit(0);
}
