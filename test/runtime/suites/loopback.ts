/**
 * Loopback for tests on workerd, which has no listening sockets: what is asked of 127.0.0.1 is handed to the server of
 * node:http that the test has made in the same isolate.
 *
 * @module
 */

import { handleAsNodeRequest } from "cloudflare:node";

const outward = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { hostname, port } = new URL(request.url);
  if (hostname !== "127.0.0.1") return await outward(request);
  const signal = init?.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const response = await unlessAborted(handleAsNodeRequest(Number(port), request), signal);
  return new Response(response.body?.pipeThrough(new TransformStream(), { signal }), response);
};

/** The server in the isolate does not see that whoever asked has gone: the asking ends here. */
async function unlessAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return await Promise.race([
    answer,
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
  ]);
}
