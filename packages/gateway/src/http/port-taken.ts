/**
 * A port that somebody listens at already, and whether that is a gateway too.
 *
 * Nobody is moved on to another port: whatever was told of this one, or takes it without being told, would go on to reach the
 * program that has it, and calls and their results would part.
 *
 * @module
 */

import { isLoopback } from "@umbel/protocol";

/** What the gateway's answers have as their header `server`. */
export const serverName = "umbel-gateway";

/** Where it was to listen. */
interface Place {
  readonly port: number;
  readonly hostname: string;
}

/** Thrown where a port is taken. The message says by whom, as far as that is known. */
export class PortTaken extends Error {
  override readonly name = "PortTaken";
  readonly port: number;
  /** Another gateway has it. */
  readonly isGateway: boolean;

  constructor({ port, hostname }: Place, isGateway: boolean) {
    const who = isGateway ? "another Umbel gateway runs there" : "another program listens there";
    super(`port ${port} of ${hostname} is taken: ${who}`);
    this.port = port;
    this.isGateway = isGateway;
  }
}

/** Asks whoever listens there who that is. */
export async function portTaken(place: Place): Promise<PortTaken> {
  return new PortTaken(place, await isGatewayAt(place));
}

/** Milliseconds for whoever has the port to answer. */
const patience = 1000;

async function isGatewayAt({ port, hostname }: Place): Promise<boolean> {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const url = `http://${host}:${port}/`;
  try {
    // An address that stands for all of this machine's is none to connect to.
    const asked = isLoopback(url) ? url : `http://127.0.0.1:${port}/`;
    const { headers } = await fetch(asked, { signal: AbortSignal.timeout(patience) });
    return headers.get("server") === serverName;
  } catch {
    return false;
  }
}
