/**
 * Serves a fetch function on loopback, for tests that need a real address.
 *
 * @module
 */

import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

/** Something that is served. */
export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves on a free port. An answer is sent when it is complete: no streams. */
export async function serve(answer: (request: Request) => Response | Promise<Response>): Promise<Served> {
  const server = createServer(async (incoming, outgoing) => {
    const response = await answer(await requestOf(incoming));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server does not listen on a port");

  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const { method = "GET", url = "/", headers } = incoming;
  const body = Buffer.concat(await incoming.toArray());
  return new Request(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(body.length > 0 && { body }),
  });
}
