/**
 * A server on loopback in QStash's place: keeps what it is asked, and answers as it is told.
 *
 * @module
 */

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { onTestFinished } from "vitest";

/** A request as it came in. */
interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One item of a batch. */
interface RecordedItem {
  readonly destination: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What it answers; nothing at all when `undefined`. */
export type Answer = (request: RecordedRequest) => { readonly status?: number; readonly body: unknown } | undefined;

/** The server of one test. */
export interface Recorder {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Items of all batches so far. */
  readonly items: () => readonly RecordedItem[];
}

/** Starts a server; it accepts every message unless told otherwise. */
export async function startRecorder(answer: Answer = accepting): Promise<Recorder> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push({ method, url, headers, body });
    const reply = answer({ method, url, headers, body });
    if (!reply) return;
    response.writeHead(reply.status ?? 200, { "content-type": "application/json" });
    response.end(JSON.stringify(reply.body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server does not listen on a port");

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    items: () => requests.flatMap(({ body }) => JSON.parse(body)),
  };
}

function accepting({ body }: RecordedRequest): ReturnType<Answer> {
  const items: readonly unknown[] = JSON.parse(body);
  return { body: items.map((_, at) => ({ messageId: `msg_${at}` })) };
}
