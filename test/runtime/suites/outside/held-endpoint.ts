/**
 * A worker's endpoint that somebody else answers for: each push is held until its reply has been given.
 *
 * @module
 */

import type { PushReply, ReceivedPush } from "@umbel/conformance";
import { serve } from "../../../serve.ts";

/** An endpoint on loopback. */
export interface HeldEndpoint {
  readonly url: string;
  /** Resolves with the next push, once there is one; with null when the endpoint is stopped. */
  readonly next: () => Promise<ReceivedPush | null>;
  /** Answers the oldest push that has no answer yet. */
  readonly reply: (reply: PushReply) => void;
  readonly stop: () => Promise<void>;
}

/** Starts an endpoint on a free port. */
export async function holdEndpoint(): Promise<HeldEndpoint> {
  const arrived = new TransformStream<ReceivedPush>(undefined, { highWaterMark: Infinity });
  const [writer, reader] = [arrived.writable.getWriter(), arrived.readable.getReader()];
  const held: ((reply: PushReply) => void)[] = [];
  const { url, stop } = await serve(async (request) => {
    const answer = new Promise<PushReply>((resolve) => void held.push(resolve));
    await writer.write({ url: request.url, headers: Object.fromEntries(request.headers), body: await request.text() });
    const { status, headers = {}, body = null } = await answer;
    return new Response(body, { status, headers });
  });

  return {
    url,
    next: async () => (await reader.read()).value ?? null,
    reply: (reply) => held.shift()?.(reply),
    async stop() {
      await writer.close();
      await stop();
    },
  };
}
