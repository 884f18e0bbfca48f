/**
 * A worker's endpoint that keeps what is pushed to it and answers as it is told.
 *
 * @module
 */

import type { PushReply, ReceivedPush } from "@umbel/conformance";
import type { IncomingMessage } from "node:http";
import { listen, type Served } from "./listen.ts";

/** An endpoint on loopback. */
export interface Endpoint extends Served {
  /** Oldest first. */
  readonly pushes: readonly ReceivedPush[];
  /** How it answers from now on; 200 until this is called. */
  answer(reply: (push: ReceivedPush) => PushReply | Promise<PushReply>): void;
}

/** Starts an endpoint on a free port. */
export async function startEndpoint(): Promise<Endpoint> {
  const pushes: ReceivedPush[] = [];
  let reply: (push: ReceivedPush) => PushReply | Promise<PushReply> = ok;

  const { url, stop } = await listen(async (request, response) => {
    const push = { url: `${url}${request.url}`, headers: headersOf(request), body: await bodyOf(request) };
    pushes.push(push);
    const { status, headers = {}, body } = await reply(push);
    response.writeHead(status, headers).end(body);
  });

  return { url, stop, pushes, answer: (next) => void (reply = next) };
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
