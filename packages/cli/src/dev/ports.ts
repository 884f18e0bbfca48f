/**
 * Ports that are free.
 *
 * @module
 */

import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "../failure.ts";

/** Milliseconds between two looks at one. */
const pause = 20;

/** A port that somebody can listen at; 0 is any that nobody does. Throws `CommandError` when one cannot be had. */
export async function portFor(wanted: number, host: string): Promise<number> {
  const port = await probe(wanted, host);
  if (port !== undefined) return port;
  const end =
    "end what listens there, or take another by --port, and give your programs the variables that are printed then";
  throw new CommandError(
    `port ${wanted} of ${host} is taken, and calls of programs that name no other would go there: ${end}`,
  );
}

/**
 * Resolves once nobody listens at a port, with true; with false once that is not to be waited for any more. Why it cannot be
 * had otherwise is told by who listens next.
 */
export async function untilFree(port: number, host: string, isEnough: () => boolean): Promise<boolean> {
  while ((await probe(port, host).catch(() => port)) === undefined) {
    if (isEnough()) return false;
    await sleep(pause);
  }
  return true;
}

/** The port that it could be; undefined when it is taken. */
async function probe(port: number, host: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(undefined);
      else reject(new CommandError(`nothing can listen at ${host}:${port}: ${error.message}`, { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      const got = address === null || typeof address === "string" ? port : address.port;
      server.close(() => resolve(got));
    });
  });
}
