/**
 * Events as server-sent events, for a reader who may come back for what it has missed.
 *
 * @module
 */

import { type EventBody, readEvents } from "@umbel/protocol";
import type { SSEStreamingApi } from "hono/streaming";
import type { Beginning, Heard } from "./feed.ts";
import { listen, type Listener } from "./listen.ts";
import { placeOf } from "./place.ts";

/** What a stream has, and how often it gives a sign of life. */
export interface Streamed {
  readonly beginning: Beginning;
  /** Only these types of events; all when it is empty. */
  readonly types: ReadonlySet<string>;
  /** Seconds. */
  readonly heartbeat: number;
}

/** Sends events until the reader has gone. They have no name, so that one listener in a browser hears types that it does not know. */
export async function sendEvents(
  listener: Listener,
  { beginning, types, heartbeat }: Streamed,
  out: SSEStreamingApi,
): Promise<void> {
  const { platform } = listener.app;
  const over = new AbortController();
  let last: Heard | undefined;
  out.onAbort(() => over.abort());
  const beating = beat();
  try {
    for await (const heard of listen(listener, { signal: over.signal }, beginning)) {
      await sendAll(out, heard, types);
      last = heard;
    }
  } finally {
    over.abort();
    await beating;
  }

  /** Now and then: proxies and runtimes cut streams that say nothing. An id without data moves on a reader to whom nothing is sent. */
  async function beat(): Promise<void> {
    while (await isOver(platform.sleep(heartbeat, over.signal))) {
      const place = last && `id: ${await placeOf(last)}\n`;
      await out.write(`: ping\n${place ?? ""}\n`);
    }
  }
}

/** Only the last of a list has the list's id: whoever is cut off before gets all of it again. */
async function sendAll(out: SSEStreamingApi, heard: Heard, types: Streamed["types"]): Promise<void> {
  const bodies = (await readEvents(heard.text)).filter((body) => body !== undefined && isWanted(body, types));
  for (const [nth, body] of bodies.entries()) {
    const data = JSON.stringify({ ...body, local_received: heard.at / 1000 });
    await out.writeSSE(nth === bodies.length - 1 ? { data, id: await placeOf(heard) } : { data });
  }
}

function isWanted({ type }: EventBody, types: Streamed["types"]): boolean {
  return types.size === 0 || types.has(type);
}

/** True once the time has passed, false when the reader has gone before. */
async function isOver(time: Promise<void>): Promise<boolean> {
  return await time.then(
    () => true,
    () => false,
  );
}
