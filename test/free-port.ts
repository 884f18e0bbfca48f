/**
 * A port for a server that is started later.
 *
 * @module
 */

import { createServer } from "node:net";

/** Below the ports that systems give to outgoing connections, which may take one before the server does. */
const [lowest, highest] = [20_000, 32_000] as const;

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
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
