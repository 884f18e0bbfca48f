/**
 * Makes one delivery: an HTTP request by node:http, not by fetch.
 *
 * fetch refuses some ports and a GET with a body, gives up after five minutes on some runtimes, and hides whether a
 * pooled connection was already closed. Here only the message's own time-out ends a request (delivery.md 27).
 *
 * @module
 */

import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as TlsAgent, request as httpsRequest } from "node:https";

import { longestTimer } from "@umbel/protocol";

import type { Allow } from "../destination-rule.ts";
import { addressIn } from "../http/address-range.ts";
import { guardedLookup, type Resolve } from "../http/guarded-lookup.ts";
import { canonicalName } from "./header.ts";
import type { Answer } from "./message.ts";

/** Bytes of an answer that are kept, for callbacks and dead letters. */
const longestAnswer = 1_048_576;

/** One request to a destination. */
interface Push {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Seconds until the whole answer has to be there. */
  readonly timeout: number;
}

/** Sends pushes over connections that are kept and used again. */
export interface PushClient {
  /** Never rejects: without an answer the status is 0 and the body says why. */
  push(push: Push): Promise<Answer>;
}

/** What a client of pushes works with. */
export interface PushClientOptions {
  /** When it aborts, what is under way ends and the connections are closed. */
  readonly stop: AbortSignal;
  /** Asked before each connection: what was allowed when the message came in may not be any more. */
  readonly allow: Allow;
  readonly resolve: Resolve;
}

/** Creates a client with connections of its own. */
export function createPushClient({ stop, allow, resolve }: PushClientOptions): PushClient {
  const agents: Agents = { "http:": new Agent({ keepAlive: true }), "https:": new TlsAgent({ keepAlive: true }) };
  const open = new Set<ClientRequest>();
  stop.addEventListener("abort", () => {
    for (const request of open) request.destroy(new Error("The gateway is closing"));
    for (const agent of Object.values(agents)) agent.destroy();
  });

  return {
    async push(push) {
      try {
        return await send(push, { agents, open, allow, resolve });
      } catch (error) {
        const reason = error instanceof Error && error.message !== "" ? error.message : String(error);
        return { status: 0, headers: {}, body: new TextEncoder().encode(reason) };
      }
    },
  };
}

interface Agents {
  readonly "http:": Agent;
  readonly "https:": TlsAgent;
}

interface Connections {
  /** Connections to use again; without them a new one is made. */
  readonly agents?: Agents;
  /** What is under way. */
  readonly open: Set<ClientRequest>;
  readonly allow: Allow;
  readonly resolve: Resolve;
}

async function send(push: Push, { agents, ...connections }: Connections): Promise<Answer> {
  const { open } = connections;
  const request = requestOf(push, { ...connections, ...(agents && { agents }) });
  open.add(request);
  const deadline = setTimeout(
    () => {
      request.destroy(new Error(`No answer within ${push.timeout} s`));
    },
    Math.min(longestTimer, push.timeout * 1000),
  );

  try {
    return await exchange(request, push.body);
  } catch (error) {
    // Most likely the destination closed an idle connection while the request was on its way, and has not seen it. Once,
    // and by a new connection: a message that makes its receiver fall over is not to be tried on all that are idle.
    if (request.reusedSocket && isReset(error)) return await send(push, connections);
    throw error;
  } finally {
    clearTimeout(deadline);
    open.delete(request);
  }
}

function requestOf({ url, method, headers, body }: Push, { agents, allow, resolve }: Connections): ClientRequest {
  const target = new URL(url);
  if (!allow(target, addressIn(target))) throw new Error(`This gateway may not push to ${target.origin}`);
  const lookup = guardedLookup((address) => allow(target, address), resolve);
  const hasBody = body.length > 0 || (method !== "GET" && method !== "DELETE");
  const all = hasBody ? { ...headers, "Content-Length": String(body.length) } : headers;
  return target.protocol === "https:"
    ? httpsRequest(target, { method, headers: all, lookup, agent: agents?.["https:"] ?? false })
    : httpRequest(target, { method, headers: all, lookup, agent: agents?.["http:"] ?? false });
}

function exchange(request: ClientRequest, body: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answered = false;
    request.on("error", reject);
    // A destination that switches to another protocol is cut off, and Node tells of no error then.
    request.on("close", () => {
      if (!answered) reject(new Error("The connection was closed without an answer"));
    });
    request.on("response", (response) => {
      answered = true;
      readAnswer(response).then(resolve, (cause: unknown) => reject(brokenOff(cause)));
    });
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Sound: no encoding is set, and so what comes are bytes.
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= longestAnswer) break;
  }
  return {
    status: response.statusCode ?? 0,
    headers: headersOf(response.rawHeaders),
    body: Buffer.concat(chunks).subarray(0, longestAnswer),
  };
}

/** `[name, value, name, value, ...]` by name. */
function headersOf(raw: readonly string[]): Record<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = canonicalName(raw[at] ?? "");
    headers.set(name, [...(headers.get(name) ?? []), raw[at + 1] ?? ""]);
  }
  return Object.fromEntries(headers);
}

/** Not the reset that {@link send} looks for: the destination has seen this request. */
function brokenOff(cause: unknown): Error {
  return new Error(`The answer broke off: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}

function isReset(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
}
