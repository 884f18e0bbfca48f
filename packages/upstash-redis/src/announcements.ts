/**
 * What is announced on channels: by subscription, or, where there is none, at times nothing but the hint to look.
 *
 * @module
 */

import { messagesOf, type Subscribing, type Topic } from "./subscription.ts";

/** Seconds between two questions: at first, and at most. */
const pauses = { first: 0.1, longest: 5, growth: 1.5 };

/** Yields each message, and undefined when messages may have been missed, and at times. Ends when the signal aborts. */
export async function* announcements(
  subscribing: Subscribing | undefined,
  topic: Topic,
  signal: AbortSignal,
): AsyncGenerator<string | undefined, void> {
  for (let pause = pauses.first; !signal.aborted; pause = Math.min(pauses.longest, pause * pauses.growth)) {
    for await (const message of heard(subscribing, topic, signal)) {
      if (message !== undefined) pause = pauses.first;
      yield message;
    }
    if (signal.aborted) return;
    yield undefined;
    await sleep(pause, signal);
  }
}

/** Nothing where nobody can subscribe. */
async function* heard(
  subscribing: Subscribing | undefined,
  topic: Topic,
  signal: AbortSignal,
): AsyncGenerator<string | undefined, void> {
  if (subscribing && canBeTopic(topic)) yield* messagesOf(subscribing, topic, signal);
}

/** A line break in its name would break the lines of the stream. */
function canBeTopic({ name }: Topic): boolean {
  return !/[\r\n]/.test(name);
}

function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, seconds * 1000);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
