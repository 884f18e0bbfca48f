/**
 * Serves a fetch function on a port.
 *
 * node:http serves on all three runtimes, and there neither a silent stream nor a slow answer is cut off (delivery.md 27).
 *
 * @module
 */

import { createServer, type Server } from "node:http";

import { getRequestListener } from "@hono/node-server";

import { portTaken, serverName } from "./port-taken.ts";

/** Milliseconds for which an idle connection is kept: longer than clients keep theirs, else they race against it. */
const keepAlive = 75_000;

/** Milliseconds between two looks for requests that have taken too long. */
const checkInterval = 1000;

/** Answers a request; `env` is the server's. */
export type Fetch = (request: Request, env?: unknown) => Response | Promise<Response>;

/** Where to listen. Port 0 is any. */
export interface Address {
  readonly port: number;
  readonly hostname: string;
}

/** Options of {@link listen}. */
export interface ListenOptions extends Address {
  /** Seconds within which the whole of a request has to have come; then its connection is closed. Default 300. */
  readonly requestTimeout?: number;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Cuts off what is under way. */
  close(): Promise<void>;
}

/** Listens on the port. Rejects with `PortTaken` when somebody else does, and when the address is not ours. */
export async function listen(fetch: Fetch, options: ListenOptions): Promise<Listening> {
  const { port, hostname, requestTimeout = 300 } = options;
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false });
  const server = createServer({ connectionsCheckingInterval: checkInterval }, (request, response) => {
    response.setHeader("server", serverName);
    void listener(request, response);
  });
  server.keepAliveTimeout = keepAlive;
  server.requestTimeout = requestTimeout * 1000;
  server.headersTimeout = Math.min(keepAlive + 5000, server.requestTimeout);
  await bind(server, { port, hostname });

  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The server has no port");
  return { port: address.port, close: () => close(server) };
}

async function bind(server: Server, address: Address): Promise<void> {
  try {
    await bindTo(server, address);
  } catch (error) {
    throw isTaken(error) ? await portTaken(address) : error;
  }
}

function bindTo(server: Server, { port, hostname }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
