/**
 * A backend on Redis over REST: Upstash's, or our gateway's in front of any other.
 *
 * @module
 */

import { type Backend, type CallerBackend, checkOptionNames, type Connect, mayMergeCalls } from "@umbel/protocol";
import { attemptsIn } from "./attempts.ts";
import { type Board, boardBeside } from "./board.ts";
import { type Keys, keysWith } from "./keys.ts";
import { readersOf } from "./readers.ts";
import { requestsTo } from "./request.ts";
import type { Address } from "./settings.ts";
import { addressOf } from "./settings.ts";
import { openStore, type Store } from "./store.ts";
import type { Subscribing } from "./subscription.ts";
import { watchersOf } from "./watch.ts";

/** Options of {@link upstash}. */
export interface UpstashOptions extends Partial<Address> {
  /** Put before every key, as Celery's `global_keyprefix`: several applications on one store. */
  readonly prefix?: string;
  /** Seconds for one request, its repetitions included; 10 when absent, no limit when Infinity. */
  readonly timeout?: number;
  /** False: the store cannot be subscribed to; who waits asks again and again, which costs a command each time. */
  readonly subscribe?: boolean;
  /**
   * Whether commands of different tasks that are wanted at the same time share a request. When absent they do on Bun, Deno
   * and Node, where one process serves many requests, and not on edge runtimes.
   */
  readonly mergeCalls?: boolean;
  /** Most events of the recent past that are kept, roughly; 10,000 when absent. Each takes about a kilobyte. */
  readonly eventsKept?: number;
  /**
   * The store is a Redis Cluster: a script may touch one slot only, so nothing is kept there for operators. Events are
   * published, but none of the past are kept; no worker is seen, nothing is listed, and no queue can be paused.
   */
  readonly cluster?: boolean;
}

const optionNames = {
  url: true,
  token: true,
  prefix: true,
  timeout: true,
  subscribe: true,
  mergeCalls: true,
  eventsKept: true,
  cluster: true,
} satisfies Record<keyof UpstashOptions, true>;

const name = "upstash-redis";

/** A backend as {@link upstash} connects it: a caller's, with what {@link withAttempts} needs to make it a worker's. */
export interface UpstashBackend extends CallerBackend {
  /** The store's base URL. */
  readonly url: string;
  readonly store: Store;
  /** The same store once more, whose calls wait for none of the others. */
  readonly openAgain: () => Store;
  readonly keys: Keys;
  readonly board: Board;
  /** Undefined: the store is not subscribed to. A function, so that the token is not seen where a backend is printed. */
  readonly subscribing: () => Subscribing | undefined;
}

/**
 * States and results in a Redis reached over REST. Every call is one request; a claim, a renewal and a finish are one
 * command each. What only workers need is apart, in {@link withAttempts}; `umbel/worker` brings it.
 *
 * Not set in the options: `UPSTASH_REDIS_REST_URL` and `UPSTASH_REDIS_REST_TOKEN`, else the gateway's development
 * address. Throws `ImproperlyConfigured` for an option that there is not; `MissingSettingError` or `ImproperlyConfigured` when
 * it is connected.
 */
export function upstash(options: UpstashOptions = {}): Connect<UpstashBackend> {
  checkOptionNames("upstash()", options, optionNames);
  const { prefix = "", timeout = 10, subscribe = true, mergeCalls = mayMergeCalls() } = options;
  const { eventsKept = 10_000, cluster = false } = options;
  const keys = keysWith(prefix);
  const board = boardBeside(keys, { eventsKept, cluster });
  return (environment) => {
    const address = addressOf(options, environment);
    const open = (): Store => openStore(requestsTo(address, { timeout, merge: mergeCalls }));
    const store = open();
    const subscribing = subscribe ? { ...address, timeout } : undefined;
    return {
      name,
      url: address.url,
      store,
      openAgain: open,
      keys,
      board,
      subscribing: () => subscribing,
      ...readersOf({ store, keys, board }),
      ...watchersOf({ store, keys, subscribing }),
    };
  };
}

/** The whole port: what {@link upstash} connected, and what workers need. Undefined for another adapter's. */
export function withAttempts(backend: UpstashBackend): Backend;
export function withAttempts(backend: CallerBackend): Backend | undefined;
export function withAttempts(backend: CallerBackend): Backend | undefined {
  if (!isUpstash(backend)) return undefined;
  const { store, openAgain, keys, board } = backend;
  return { ...backend, ...attemptsIn({ store, renewals: openAgain(), keys, board }) };
}

/** Base URL of the store of a backend that {@link upstash} has connected: for people. Undefined for another adapter's. */
export function storeUrl(backend: CallerBackend): string | undefined {
  return isUpstash(backend) ? backend.url : undefined;
}

/** Whether {@link upstash} has connected it. */
export function isUpstash(backend: CallerBackend): backend is UpstashBackend {
  return backend.name === name && "store" in backend;
}
