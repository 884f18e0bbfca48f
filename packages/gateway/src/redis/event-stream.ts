/**
 * A subscription as a response of server-sent events, in the words that Upstash's client reads.
 *
 * Comments keep proxies and servers from taking silence for death. A listener that does not read is let go, so that it
 * cannot fill the memory.
 *
 * @module
 */

import type { Listener, RedisEngine, Topic } from "./engine.ts";

/** Options of {@link eventStream}. */
export interface EventStreamOptions {
  readonly engine: RedisEngine;
  readonly topic: Topic;
  /** Seconds between two comments. */
  readonly pingInterval: number;
}

/** Bytes that may wait for a listener, and beyond them one event: whoever has not read so much when the next comes is let go. */
const backlog = 1024 * 1024;

/** Subscribes; resolves once every message from now on will be in the response. Closing the response ends the subscription. */
export async function eventStream({ engine, topic, pingInterval }: EventStreamOptions): Promise<Response> {
  const pipe = openPipe();
  const early: string[] = [];
  let write = (event: string): void => void early.push(event);

  const listener: Listener = {
    message: (channel, message) => write(eventOf(topic, channel, message)),
    lost: () => pipe.close(),
  };
  const leave = await engine.subscribe(topic, listener);
  const ping = setInterval(() => pipe.write(": ping\n\n"), pingInterval * 1000);
  pipe.ended(() => {
    clearInterval(ping);
    leave();
  });

  // A message may come in the same packet as the word that we are subscribed.
  const kind = topic.kind === "channel" ? "subscribe" : "psubscribe";
  pipe.write(dataOf(`${kind},${topic.name},1`));
  write = pipe.write;
  for (const event of early) pipe.write(event);
  return new Response(pipe.readable, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" },
  });
}

function eventOf(topic: Topic, channel: string, message: Buffer): string {
  const head = topic.kind === "channel" ? `message,${channel}` : `pmessage,${topic.name},${channel}`;
  return dataOf(`${head},${message.toString()}`);
}

/** One event; a line break within it is a new `data` line, as the standard has it. */
function dataOf(text: string): string {
  return `data: ${text.replaceAll(/\r\n|\r|\n/g, "\ndata: ")}\n\n`;
}

interface Pipe {
  readonly readable: ReadableStream<Uint8Array>;
  readonly write: (text: string) => void;
  close(): void;
  /** Calls back once, when either side has closed; at once if that has happened. */
  ended(callback: () => void): void;
}

function openPipe(): Pipe {
  const encoder = new TextEncoder();
  const end = new AbortController();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const readable = new ReadableStream<Uint8Array>(
    {
      start(started) {
        controller = started;
      },
      cancel: () => end.abort(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: backlog }),
  );

  function close(): void {
    if (end.signal.aborted) return;
    end.abort();
    controller?.close();
  }

  return {
    readable,
    write(text) {
      if (end.signal.aborted) return;
      if ((controller?.desiredSize ?? 0) > 0) controller?.enqueue(encoder.encode(text));
      else close();
    },
    close,
    ended(callback) {
      if (end.signal.aborted) callback();
      else end.signal.addEventListener("abort", callback, { once: true });
    },
  };
}
