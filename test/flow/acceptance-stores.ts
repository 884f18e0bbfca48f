/**
 * The stores that the acceptance examples run on: memory, the embedded engine and a real Redis, both over REST.
 *
 * @module
 */

import { upstash, withAttempts } from "@umbel/upstash-redis";
import type { Backend, UmbelOptions } from "umbel";
import { afterAll, beforeAll } from "vitest";
import { type ClockedStore, engines, type ServedStore, serveClockedStore, serveStore } from "../store.ts";
import { type Acceptance, acceptance } from "./acceptance-tasks.ts";

/** Where the examples run. */
export type Place = "memory" | "embedded engine" | "redis-server";

/** Those that can be tried on this machine. */
export const places: readonly Place[] = (["memory", "embedded engine", "redis-server"] as const).filter(
  (each) => each === "memory" || engines.includes(each),
);

/** More than the application's options. */
export interface PlacedOptions extends Partial<UmbelOptions> {
  /** Seconds that the test's clock is behind that of a real Redis, which no test can move. */
  readonly behind?: number;
}

/** Serves a store while the tests of a `describe` run. What it returns makes the examples' tasks, each time before an empty one. */
export function acceptanceOn(place: Place): (options?: PlacedOptions) => Acceptance {
  if (place === "memory") return ({ behind: _behind, ...options } = {}) => acceptance(options);
  let store: ServedStore | ClockedStore | undefined;
  let worlds = 0;
  beforeAll(async () => {
    store = place === "redis-server" ? await serveStore(place) : await serveClockedStore(0);
  });
  afterAll(async () => await store?.stop());

  return ({ behind = 0, ...options } = {}) => {
    if (store === undefined) throw new Error("The store is served once the tests run");
    const { address } = store;
    worlds += 1;
    // Without announcements: these are served without streams here, and have tests of their own.
    const connect = upstash({ ...address, prefix: `${worlds}:`, subscribe: false });
    const backend = withAttempts(connect(() => undefined));
    if (!("setClock" in store)) {
      return finishing(acceptance({ ...options, time: { start: Date.now() - behind * 1000 } }, () => backend));
    }
    const { setClock } = store;
    const home = acceptance(options, () => clocked(backend, async () => await setClock(home.clock.now())));
    return finishing(home);
  };
}

/** The kit takes a body that waits for a real store for one that will wait for ever: here each push is waited for. */
function finishing(home: Acceptance): Acceptance {
  const { broker, clock, drain } = home;
  return { ...home, finish };

  async function finish(): Promise<number> {
    const pushes = await drain();
    const next = broker.nextDelivery();
    if (next === undefined) return pushes;
    await clock.advance((next - clock.now()) / 1000);
    return pushes + (await finish());
  }
}

/** Sets the store's clock before each call. */
function clocked(backend: Backend, setClock: () => Promise<void>): Backend {
  return new Proxy(backend, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== "function" || property === "watch" || property === "watchGroup") return member;
      return async (...args: unknown[]): Promise<unknown> => {
        await setClock();
        const answer: unknown = await Reflect.apply(member, target, args);
        return answer;
      };
    },
  });
}
