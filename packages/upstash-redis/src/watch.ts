/**
 * Follows a result: by subscription, which costs two commands however long it takes, or by asking again and again.
 *
 * @module
 */

import type { CallerBackend, ResultMeta } from "@umbel/protocol";
import { decodeResult, isReady } from "@umbel/protocol";
import { announcements } from "./announcements.ts";
import type { Keys } from "./keys.ts";
import type { Store } from "./store.ts";
import type { Subscribing } from "./subscription.ts";

/** The part of the port that waits. */
export type Watchers = Pick<CallerBackend, "watch" | "watchGroup" | "wait">;

/** Where to look, and where to subscribe if at all. */
export interface Watched {
  readonly store: Store;
  readonly keys: Keys;
  readonly subscribing: Subscribing | undefined;
}

/** Waits for results in a store. */
export function watchersOf({ store, keys, subscribing }: Watched): Watchers {
  const announced = (name: string, signal: AbortSignal): AsyncIterable<string | undefined> =>
    announcements(subscribing, { kind: "channel", name }, signal);

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
