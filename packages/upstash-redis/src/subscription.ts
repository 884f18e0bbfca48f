/**
 * Messages of a channel, as server-sent events.
 *
 * The official client's subscriber tells nobody when its stream breaks off, and a waiting caller would hang; so this one
 * request is ours.
 *
 * @module
 */

import { timerOf } from "@umbel/protocol";
import type { Address } from "./settings.ts";

/** Where to subscribe. */
export interface Subscribing extends Address {
  /** Seconds until the store must have confirmed: something between that keeps streams back would keep us waiting. */
  readonly timeout: number;
}

/**
 * Yields `undefined` once every message from now on will come, then each message. Ends when the stream does, for
 * whatever reason: whoever listens must then read, and may subscribe again.
 */
export async function* messagesOf(
  { url, token, timeout }: Subscribing,
  channel: string,
  signal: AbortSignal,
): AsyncGenerator<string | undefined, void> {
  const leaving = new AbortController();
  const limit = timerOf("timeout", timeout);
  const late = limit === undefined ? undefined : setTimeout(() => leaving.abort(), limit);
  try {
    const response = await fetch(`${url}/subscribe/${encodeURIComponent(channel)}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
      signal: AbortSignal.any([signal, leaving.signal]),
    });
    if (!response.ok || !response.body) return;
    for await (const line of linesOf(response.body)) {
      if (line.startsWith("data: subscribe,")) {
        clearTimeout(late);
        yield undefined;
      }
      if (line.startsWith(`data: message,${channel},`)) yield line.slice(`data: message,${channel},`.length);
    }
  } catch {
    // The stream could not be opened, broke off, or was aborted: the end of it says so.
  } finally {
    clearTimeout(late);
    leaving.abort();
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
