/**
 * A backend on Redis over REST: Upstash's, or our gateway's in front of any other.
 *
 * @module
 */

import { type Backend, type Connect, mayMergeCalls } from "@umbel/protocol";
import { attemptsIn } from "./attempts.ts";
import { keysWith } from "./keys.ts";
import { readersOf } from "./readers.ts";
import { requestsTo } from "./request.ts";
import type { Address } from "./settings.ts";
import { addressOf } from "./settings.ts";
import { openStore } from "./store.ts";
import { watchersOf } from "./watch.ts";

/** Options of {@link upstash}. */
export interface UpstashOptions extends Partial<Address> {
  /** Put before every key, as Celery's `global_keyprefix`: several applications on one store. */
  readonly prefix?: string;
  /** Seconds for one request, its repetitions included; 10 when absent. */
  readonly timeout?: number;
  /** False: the store cannot be subscribed to; who waits asks again and again, which costs a command each time. */
  readonly subscribe?: boolean;
  /**
   * Whether commands of different tasks that are wanted at the same time share a request. When absent they do on Bun, Deno
   * and Node, where one process serves many requests, and not on edge runtimes.
   */
  readonly mergeCalls?: boolean;
}

/**
 * States and results in a Redis reached over REST. Every call is one request; a claim, a renewal and a finish are one
 * command each.
 *
 * Not set in the options: `UPSTASH_REDIS_REST_URL` and `UPSTASH_REDIS_REST_TOKEN`, else the gateway's development
 * address. Throws `MissingSettingError` or `ImproperlyConfigured` when it is connected.
 */
export function upstash(options: UpstashOptions = {}): Connect<Backend> {
  const { prefix = "", timeout = 10, subscribe = true, mergeCalls = mayMergeCalls() } = options;
  return (environment) => {
    const address = addressOf(options, environment);
    const store = openStore(requestsTo(address, { timeout, merge: mergeCalls }));
    const keys = keysWith(prefix);
    return {
      name: "upstash-redis",
      ...attemptsIn(store, keys),
      ...readersOf(store, keys),
      ...watchersOf({ store, keys, subscribing: subscribe ? { ...address, timeout } : undefined }),
    };
  };
}
