/**
 * Loopback for tests on workerd, which has no listening sockets: what is asked of 127.0.0.1 is handed to the server of
 * node:http that the test has made in the same isolate; what was lent from outside is asked there.
 *
 * @module
 */

import { handleAsNodeRequest } from "cloudflare:node";
import { isLent } from "./outside/lent-ports.ts";

const outward = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { hostname, port } = new URL(request.url);
  if (hostname !== "127.0.0.1") return await outward(request);
  const signal = init?.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const response = await unlessAborted(answerWithin(Number(port), request), signal);
  if (response === undefined) return await outward(request);
  return new Response(response.body?.pipeThrough(new TransformStream(), { signal }), response);
};

/** What the server in the isolate answers that has this port; undefined when it is one of those that are lent. */
async function answerWithin(port: number, request: Request): Promise<Response | undefined> {
  try {
    return await handleAsNodeRequest(port, request);
  } catch (error) {
    if (!isLent(port) || !String(error).includes(`Http server with port ${port} not found`)) throw error;
    return undefined;
  }
}

/** The server in the isolate does not see that whoever asked has gone: the asking ends here. */
async function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return await Promise.race([
    answer,
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
  ]);
}
