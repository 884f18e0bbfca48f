/**
 * Serves a fetch function until it is told to stop, and lets what is under way be answered then.
 *
 * node:http serves on Node, Bun and Deno, and there neither a silent stream nor a slow answer is cut off (delivery.md 27).
 *
 * @module
 */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { CommandError } from "./failure.ts";

/** Answers a request. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** Where to listen. Port 0 is any. */
export interface Address {
  readonly port: number;
  readonly host: string;
}

/** A server that listens. */
export interface HttpServer {
  readonly url: string;
  /** Takes nothing more. Resolves once all that was under way has been answered. */
  drain(): Promise<void>;
}

/** Milliseconds for which an idle connection is kept: longer than clients keep theirs, else they race against it. */
const keepAlive = 75_000;

/** Listens there. Throws `CommandError` when that cannot be had. */
export async function serveHttp(fetch: Fetch, { port, host }: Address): Promise<HttpServer> {
  const traffic = openTraffic();
  const listener = getRequestListener(async (request) => (traffic.isClosed() ? away() : await fetch(request)), {
    overrideGlobalObjects: false,
  });
  const server = createServer((request, response) => {
    traffic.enter();
    response.once("close", () => traffic.leave());
    void listener(request, response);
  });
  server.keepAliveTimeout = keepAlive;
  server.requestTimeout = 0; // A body that comes slowly is the broker's time-out to judge.
  await bind(server, { port, host });
  return {
    url: urlOf(server, host),
    async drain() {
      const closed = once(server, "close");
      server.close();
      await traffic.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The answer on a connection that is still open: the broker is to come again, to whoever listens then. */
function away(): Response {
  return new Response(null, { status: 503, headers: { "retry-after": "1", connection: "close" } });
}

/** Counts requests that are under way. */
function openTraffic() {
  let open = 0;
  let closing: (() => void) | undefined;
  return {
    isClosed: () => closing !== undefined,
    enter: () => void (open += 1),
    leave() {
      open -= 1;
      if (open === 0) closing?.();
    },
    async close(): Promise<void> {
      await new Promise<void>((resolve) => {
        closing = resolve;
        if (open === 0) resolve();
      });
    },
  };
}

async function bind(server: Server, { port, host }: Address): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(new CommandError(reasonOf(cause, { port, host }), { cause })));
    server.listen(port, host, () => resolve());
  });
}

function reasonOf(cause: Error, { port, host }: Address): string {
  const code = "code" in cause ? cause.code : undefined;
  if (code !== "EADDRINUSE") return `nothing can listen at ${host}:${port}: ${cause.message}`;
  return `port ${port} of ${host} is taken: end what listens there, or take another with --port, and tell callers by UMBEL_WORKER_URL`;
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The server has no port");
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}
