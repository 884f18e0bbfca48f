/**
 * A worker's endpoint that keeps what is pushed to it and answers as it is told.
 *
 * @module
 */

import type { PushReply, ReceivedPush } from "@umbel/conformance";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

/** An endpoint on loopback. */
export interface Endpoint {
  readonly url: string;
  /** Oldest first. */
  readonly pushes: readonly ReceivedPush[];
  /** How it answers from now on; 200 until this is called. */
  answer(reply: (push: ReceivedPush) => PushReply): void;
  stop(): Promise<void>;
}

/** Starts an endpoint on a free port. */
export async function startEndpoint(): Promise<Endpoint> {
  const pushes: ReceivedPush[] = [];
  let reply: (push: ReceivedPush) => PushReply = ok;

  const server = createServer(async (request, response) => {
    const push = { url: `${url}${request.url}`, headers: headersOf(request), body: await bodyOf(request) };
    pushes.push(push);
    const { status, headers = {} } = reply(push);
    response.writeHead(status, headers).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The endpoint does not listen on a port");
  const url = `http://127.0.0.1:${address.port}`;

  return {
    url,
    pushes,
    answer: (next) => void (reply = next),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function ok(): PushReply {
  return { status: 200 };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = await request.toArray();
  return Buffer.concat(chunks).toString();
}
