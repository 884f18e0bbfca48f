/**
 * A gateway in the process of the test, which keeps everything in memory.
 *
 * @module
 */

import { type ServedGateway, serveGateway } from "@umbel/gateway";
import { scripts } from "@umbel/upstash-redis";

/** Starts one on free ports; it sees these variables, and nothing of the environment. */
export async function openGateway(variables: Readonly<Record<string, string>> = {}): Promise<ServedGateway> {
  return await serveGateway({
    data: ":memory:",
    port: 0,
    restPort: 0,
    environment: (name) => variables[name],
    scripts,
    log: () => undefined,
  });
}
