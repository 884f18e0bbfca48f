/**
 * Ports that are free.
 *
 * @module
 */

import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "../failure.ts";

/** How many ports are looked at. */
const attempts = 100;
/** Milliseconds between two looks at one. */
const pause = 20;

/** The first port from this one on that nobody listens at. Throws `CommandError` when a hundred in a row are taken. */
export async function freePort(from: number, host: string): Promise<number> {
  for (let port = from; port < from + attempts; port += 1) if (await isFree(port, host)) return port;
  throw new CommandError(`the ports from ${from} to ${from + attempts - 1} are all taken: --port names another`);
}

/** Resolves once nobody listens at a port, with true; with false once that is not to be waited for any more. */
export async function untilFree(port: number, host: string, isEnough: () => boolean): Promise<boolean> {
  while (!(await isFree(port, host))) {
    if (isEnough()) return false;
    await sleep(pause);
  }
  return true;
}

async function isFree(port: number, host: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => void probe.close(() => resolve(true)));
  });
}
