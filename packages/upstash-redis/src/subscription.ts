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
export type Topic =
  | { readonly kind: "channel"; readonly name: string }
  /** All channels whose names begin with what `beginning` says. */
  | { readonly kind: "pattern"; readonly name: string; readonly beginning: string };

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
  const { path, confirmation } = readings[topic.kind];
  const limit = timerOf("timeout", timeout);
  const late = limit === undefined ? undefined : setTimeout(() => leaving.abort(), limit);
  try {
    const response = await fetch(`${url}/${path}/${encodeURIComponent(topic.name)}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
      signal: AbortSignal.any([signal, leaving.signal]),
    });
    if (!response.ok || !response.body) return;
    for await (const line of linesOf(response.body, topic.kind)) {
      if (line.startsWith(confirmation)) {
        clearTimeout(late);
        yield undefined;
      }
      const message = messageIn(line, topic);
      if (message !== undefined) yield message;
    }
  } catch {
    // The stream could not be opened, broke off, or was aborted: the end of it says so.
  } finally {
    clearTimeout(late);
    leaving.abort();
  }
}

/** How each kind of topic is asked for, and what confirms it. */
const readings = {
  channel: { path: "subscribe", confirmation: "data: subscribe," },
  pattern: { path: "psubscribe", confirmation: "data: psubscribe," },
} as const;

function messageIn(line: string, topic: Topic): string | undefined {
  if (topic.kind === "channel") return behind(`data: message,${topic.name},`, line);
  const rest = behind(`data: pmessage,${topic.name},${topic.beginning}`, line);
  return rest === undefined ? undefined : behindChannel(rest);
}

/**
 * What comes behind the end of a channel's name, which may have commas. An event is an object in JSON; what is none is handed on as
 * well, so that it can be counted.
 */
function behindChannel(rest: string): string {
  const brace = rest.indexOf(",{");
  return rest.slice((brace === -1 ? rest.indexOf(",") : brace) + 1);
}

function behind(head: string, line: string): string | undefined {
  return line.startsWith(head) ? line.slice(head.length) : undefined;
}

/**
 * Longest line of a kind that is heard whole, in characters. An event is never so long; of what is, the beginning is told, which is
 * no JSON: so it is counted as malformed, and takes no more memory. A result may have any length.
 */
const longest = { channel: Infinity, pattern: 16_000_000 } as const;

/** Looks at each piece of a line once, however many there are. */
async function* linesOf(body: ReadableStream<Uint8Array>, kind: Topic["kind"]): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    if (length < longest[kind]) pieces.push(first);
    length += first.length;
    for (const next of others) {
      yield pieces.join("");
      pieces = [next];
      length = next.length;
    }
  }
}
