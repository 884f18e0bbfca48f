/**
 * A server on loopback in the place of Redis over REST: keeps what it is asked, and answers as it is told.
 *
 * @module
 */

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

/** A command, its name first. */
export type Words = readonly string[];

/** What a command answers: texts and numbers, lists of them; an `Error` in its place. */
export type Reply = string | number | null | Error | readonly Reply[];

/** How the server behaves; by default every command answers null, and nobody can subscribe. */
export interface Behaviour {
  readonly reply?: (command: Words) => Reply;
  /** Answers a request as a whole, in place of its commands. */
  readonly whole?: (response: ServerResponse) => void;
  /** Holds the stream of whoever subscribed. */
  readonly subscribed?: (stream: ServerResponse, channel: string) => void;
}

/** The server of one test. */
export interface Recorder {
  readonly url: string;
  /** Commands of each request, subscriptions among them. */
  readonly requests: readonly (readonly Words[])[];
  readonly headers: readonly IncomingHttpHeaders[];
}

/** Starts a server. */
export async function startRecorder({ reply = () => null, whole, subscribed }: Behaviour = {}): Promise<Recorder> {
  const requests: (readonly Words[])[] = [];
  const headers: IncomingHttpHeaders[] = [];

  const server = createServer(async (request, response) => {
    headers.push(request.headers);
    const body = Buffer.concat(await request.toArray()).toString();
    const [, kind = "", channel] = /^\/(p?subscribe)\/(.*)$/.exec(request.url ?? "") ?? [];
    const commands: readonly Words[] = channel === undefined ? JSON.parse(body) : [[kind.toUpperCase(), channel]];
    requests.push(commands);
    if (whole) return whole(response);
    if (channel === undefined) return void response.end(JSON.stringify(commands.map((each) => row(reply(each)))));
    if (!subscribed) return void response.writeHead(404).end("{}");
    response.writeHead(200, { "content-type": "text/event-stream" });
    subscribed(response, decodeURIComponent(channel));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server does not listen on a port");
  return { url: `http://127.0.0.1:${address.port}`, requests, headers };
}

function row(reply: Reply): unknown {
  return reply instanceof Error ? { error: reply.message } : { result: encoded(reply) };
}

function encoded(reply: Reply): unknown {
  if (typeof reply === "string") return Buffer.from(reply).toString("base64");
  if (reply === null || typeof reply === "number" || reply instanceof Error) return reply;
  return reply.map(encoded);
}
