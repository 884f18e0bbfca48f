/**
 * A server of node:http on a free port of loopback, for tests that need a real address.
 *
 * @module
 */

import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

/** Something that is served. */
export interface Served {
  /** Scheme, host and port. */
  readonly url: string;
  /** Cuts every connection, and resolves once nothing listens any more. */
  readonly stop: () => Promise<void>;
}

/** Listens until it is stopped. */
export async function listen(answer: RequestListener): Promise<Served> {
  const server = createServer(answer).listen(0, "127.0.0.1");
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
