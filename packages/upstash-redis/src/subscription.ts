/**
 * Messages of a channel, or of all channels that fit a pattern, as server-sent events.
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

/** What is subscribed to. */
export interface Topic {
  readonly kind: "channel" | "pattern";
  readonly name: string;
}

/**
 * Yields `undefined` once every message from now on will come, then each message. Ends when the stream does, for
 * whatever reason: whoever listens must then read, and may subscribe again.
 */
export async function* messagesOf(
  { url, token, timeout }: Subscribing,
  topic: Topic,
  signal: AbortSignal,
): AsyncGenerator<string | undefined, void> {
  const leaving = new AbortController();
  const { path, confirmation, messageIn } = readings[topic.kind];
  const limit = timerOf("timeout", timeout);
  const late = limit === undefined ? undefined : setTimeout(() => leaving.abort(), limit);
  try {
    const response = await fetch(`${url}/${path}/${encodeURIComponent(topic.name)}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
      signal: AbortSignal.any([signal, leaving.signal]),
    });
    if (!response.ok || !response.body) return;
    for await (const line of linesOf(response.body)) {
      if (line.startsWith(confirmation)) {
        clearTimeout(late);
        yield undefined;
      }
      const message = messageIn(line, topic.name);
      if (message !== undefined) yield message;
    }
  } catch {
    // The stream could not be opened, broke off, or was aborted: the end of it says so.
  } finally {
    clearTimeout(late);
    leaving.abort();
  }
}

/** How each kind of topic is asked for, and what its lines look like. */
const readings = {
  channel: { path: "subscribe", confirmation: "data: subscribe,", messageIn: channelMessageIn },
  pattern: { path: "psubscribe", confirmation: "data: psubscribe,", messageIn: patternMessageIn },
} as const;

function channelMessageIn(line: string, channel: string): string | undefined {
  const head = `data: message,${channel},`;
  return line.startsWith(head) ? line.slice(head.length) : undefined;
}

/** Behind the pattern comes the message's own channel, which may have commas; what is published is an object in JSON. */
function patternMessageIn(line: string, pattern: string): string | undefined {
  const head = `data: pmessage,${pattern},`;
  const end = line.startsWith(head) ? line.indexOf(",{", head.length) : -1;
  return end === -1 ? undefined : line.slice(end + 1);
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
