/**
 * Ports that are free.
 *
 * @module
 */

import { createServer } from "node:net";

/** How many ports are looked at. */
const attempts = 100;

/** The first free port from each wanted one on, no port twice, in order. Rejects when a hundred in a row are taken. */
export async function freePorts(wanted: readonly number[], host: string): Promise<readonly number[]> {
  const given = new Set<number>();
  for (const port of wanted) given.add(await nextFree({ port, host, given, left: attempts }));
  return [...given];
}

interface Search {
  readonly port: number;
  readonly host: string;
  readonly given: ReadonlySet<number>;
  readonly left: number;
}

async function nextFree({ port, host, given, left }: Search): Promise<number> {
  if (left === 0) throw new Error(`The ports up to ${port} are all taken`);
  if (!given.has(port) && (await isFree(port, host))) return port;
  return await nextFree({ port: port + 1, host, given, left: left - 1 });
}

async function isFree(port: number, host: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => void probe.close(() => resolve(true)));
  });
}
