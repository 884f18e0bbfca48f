/**
 * Follows a result: by subscription, which costs two commands however long it takes, or by asking again and again.
 *
 * @module
 */

import type { CallerBackend, ResultMeta } from "@umbel/protocol";
import { decodeResult, isReady } from "@umbel/protocol";
import type { Keys } from "./keys.ts";
import type { Store } from "./store.ts";
import type { Subscribing } from "./subscription.ts";
import { messagesOf } from "./subscription.ts";

/** The part of the port that waits. */
export type Watchers = Pick<CallerBackend, "watch" | "watchGroup" | "wait">;

/** Where to look, and where to subscribe if at all. */
export interface Watched {
  readonly store: Store;
  readonly keys: Keys;
  readonly subscribing: Subscribing | undefined;
}

/** Seconds between two questions: at first, and at most. */
const pauses = { first: 0.1, longest: 5, growth: 1.5 };

/** Waits for results in a store. */
export function watchersOf({ store, keys, subscribing }: Watched): Watchers {
  /** What is announced on a channel; undefined when announcements may have been missed, and at times. */
  async function* announced(channel: string, signal: AbortSignal): AsyncGenerator<string | undefined, void> {
    for (let pause = pauses.first; !signal.aborted; pause = Math.min(pauses.longest, pause * pauses.growth)) {
      if (subscribing && canBeChannel(channel)) yield* messagesOf(subscribing, channel, signal);
      if (signal.aborted) return;
      yield undefined;
      await sleep(pause, signal);
    }
  }

  async function* watch(id: string, signal: AbortSignal): AsyncGenerator<ResultMeta | undefined, void> {
    const key = keys.result(id);
    let shown: string | undefined | null = null;
    for await (const message of announced(key, signal)) {
      const text = message ?? (await store.get(key));
      if (text === shown) continue;
      shown = text;
      const result = text === undefined ? undefined : decodeResult(text);
      yield result;
      if (result && isReady(result.status)) return;
    }
  }

  return {
    watch,

    async *watchGroup(id, signal) {
      for await (const text of announced(keys.members(id), signal)) {
        yield text === undefined ? undefined : decodeResult(text);
      }
    },

    async wait(id, signal) {
      for await (const result of watch(id, signal)) {
        if (result && isReady(result.status)) return result;
      }
      return Promise.reject(signal.reason);
    },
  };
}

/** A line break in its name would break the lines of the stream. */
function canBeChannel(key: string): boolean {
  return !/[\r\n]/.test(key);
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
