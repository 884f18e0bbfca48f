/**
 * A port for a server that has to be told one: a redis-server, or a program whose address others learn before it starts.
 *
 * @module
 */

import { createServer } from "node:net";

/** Below the ports that systems give to outgoing connections, which may take one before the server does. */
const [lowest, highest] = [20_000, 32_000] as const;

/** How many ports are tried. */
const mostTries = 5;

/**
 * Starts something on a port of loopback that nobody listens on; on another one when somebody takes it before. Throws what
 * `start` throws for another reason; the servers' own words are to be in what it throws.
 */
export async function onFreePort<Started>(start: (port: number) => Promise<Started>): Promise<Started> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    try {
      return await start(port);
    } catch (error) {
      if (tries === mostTries || !taken.test(String(error))) throw error;
    }
  }
}

/** As Node, Bun, Deno, workerd and Redis say it. */
const taken = /EADDRINUSE|AddrInUse|address already in use/i;

async function freePort(): Promise<number> {
  const port = lowest + Math.floor(Math.random() * (highest - lowest));
  return (await isFree(port)) ? port : await freePort();
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => void probe.close(() => resolve(true)));
  });
}
