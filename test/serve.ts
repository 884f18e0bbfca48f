/**
 * Serves a fetch function on loopback, for tests that need a real address.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import { listen, type Served } from "./listen.ts";

/** Serves on a free port. An answer is sent when it is complete: no streams. */
export async function serve(answer: (request: Request) => Response | Promise<Response>): Promise<Served> {
  return await listen(async (incoming, outgoing) => {
    const response = await answer(await requestOf(incoming));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
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
