/**
 * Follows a call for a reader: until its end, or state by state.
 *
 * @module
 */

import type { Umbel } from "@umbel/core";
import { isReady, type ResultMeta } from "@umbel/protocol";
import type { SSEStreamingApi } from "hono/streaming";
import { type Show, viewOf } from "./result-view.ts";

/** What a stream shows, and how often it gives a sign of life. */
export interface Streamed {
  readonly id: string;
  readonly show: Show;
  /** Seconds. */
  readonly heartbeat: number;
}

/** Sends each state until the last, or until the reader has gone. */
export async function sendStates(app: Umbel, { id, show, heartbeat }: Streamed, out: SSEStreamingApi): Promise<void> {
  const over = new AbortController();
  out.onAbort(() => over.abort());
  const beating = beat();
  try {
    for await (const meta of app.backend.watch(id, over.signal)) {
      await out.writeSSE({ event: "state", data: JSON.stringify(viewOf(id, meta, show)) });
      if (meta !== undefined && isReady(meta.status)) break;
    }
  } finally {
    over.abort();
    await beating;
  }

  /** A comment now and then: proxies and runtimes cut streams that say nothing. */
  async function beat(): Promise<void> {
    while (await pause(app, heartbeat, over.signal)) await out.write(": ping\n\n");
  }
}

/** The end of a call; undefined when it takes longer, or than the reader waits. */
export async function endWithin(
  { backend, platform }: Umbel,
  id: string,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<ResultMeta | undefined> {
  const over = new AbortController();
  const expired = pause({ platform }, seconds, over.signal).then(() => over.abort());
  try {
    return await backend.wait(id, AbortSignal.any([over.signal, signal]));
  } catch (error) {
    if (over.signal.aborted || signal.aborted) return undefined;
    throw error;
  } finally {
    over.abort();
    await expired;
  }
}

/** True after so many seconds, false when the reader has gone before. */
async function pause({ platform }: Pick<Umbel, "platform">, seconds: number, signal: AbortSignal): Promise<boolean> {
  return await platform.sleep(seconds, signal).then(
    () => true,
    () => false,
  );
}
