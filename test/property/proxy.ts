/**
 * Stands before a server on loopback and lets requests go wrong: the connection is lost before the request arrives, or
 * after it was handled and before the answer is there; or the request arrives twice.
 *
 * @module
 */

import { Agent, type IncomingMessage, request as send, type ServerResponse } from "node:http";
import { listen, type Served } from "../listen.ts";

/** What happens to a request. */
export type ProxyFault = "dropBefore" | "dropAfter" | "duplicate";

/** The names of the faults. */
export const proxyFaults: readonly ProxyFault[] = ["dropBefore", "dropAfter", "duplicate"];

/** Options of {@link startProxy}. */
export interface ProxyOptions {
  /** The server's URL: scheme, host and port. */
  readonly target: () => string;
  /** What goes wrong with the next request, if anything does. Gets its body. */
  readonly faultFor: (body: string) => ProxyFault | undefined;
  /** Changes a request's body on its way. */
  readonly rewrite?: (body: string) => string;
}

/** Starts a proxy on a free port. */
export async function startProxy(options: ProxyOptions): Promise<Served> {
  const agent = new Agent({ keepAlive: true });
  const { url, stop } = await listen((request, response) => {
    pass({ request, response, agent }, options).catch(() => response.destroy());
  });

  return {
    url,
    async stop() {
      await stop();
      agent.destroy();
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly agent: Agent;
}

async function pass({ request, response, agent }: Exchange, options: ProxyOptions): Promise<void> {
  const { target, faultFor, rewrite = (body) => body } = options;
  const text = Buffer.concat(await request.toArray()).toString();
  const forward = { url: `${target()}${request.url}`, request, body: Buffer.from(rewrite(text)), agent };
  const fault = faultFor(text);
  if (fault === "dropBefore") return void response.destroy();
  const [answer] = await Promise.all([answerTo(forward), ...(fault === "duplicate" ? [answerTo(forward)] : [])]);
  if (fault === "dropAfter") return void response.destroy();
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

interface Forward {
  readonly url: string;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly agent: Agent;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

async function answerTo({ url, request, body, agent }: Forward): Promise<Answer> {
  const headers = { ...request.headers, host: new URL(url).host, "content-length": String(body.length) };
  delete headers["transfer-encoding"];
  const outgoing = send(url, { method: request.method ?? "GET", headers, agent });
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once("response", resolve).once("error", reject).end(body);
  });
  const received = Buffer.concat(await incoming.toArray());
  const { "transfer-encoding": _, ...answerHeaders } = incoming.headers;
  return { status: incoming.statusCode ?? 502, headers: answerHeaders, body: received };
}
