/**
 * A whole Umbel in memory: an application on a test kit, and a few names that tests of the delivery like.
 *
 * @module
 */

import type { MemoryBroker } from "@umbel/memory";
import { type Backend, Umbel, type UmbelOptions } from "umbel";
import { type TestKit, type TestKitOptions, testKit } from "umbel/testing";
import { worker } from "umbel/worker";

/** An application's options, and the broker's patience. */
export interface WorldOptions extends Partial<UmbelOptions> {
  /** How often a failed push is repeated; 30 times when not given. */
  readonly brokerRetries?: number;
  /** Where the clock stands at first, and how long it waits for what is outside of the kit. */
  readonly time?: Pick<TestKitOptions, "start" | "patience">;
}

/** What a test holds. */
export interface World extends Omit<TestKit, "clock"> {
  readonly app: Umbel;
  readonly clock: TestKit["clock"] & {
    /** Moves the clock while the broker delivers nothing. */
    readonly advance: (seconds: number) => Promise<unknown>;
  };
  /** What stands before the ports of the application. */
  readonly ports: Pick<TestKit, "after" | "before" | "calls">;
  /** Delivers everything that is due now. */
  readonly drain: MemoryBroker["drain"];
  /** Delivers everything, moving the clock to each next delivery. */
  readonly finish: TestKit["settle"];
  /** Kills the worker's processes: all pushes that are being handled. */
  readonly kill: TestKit["crash"];
}

/** Makes one; `wrap` puts something in front of the store. */
export function world(
  { brokerRetries = 30, log, time, ...options }: WorldOptions = {},
  wrap: (backend: Backend) => Backend = (backend) => backend,
): World {
  const app = new Umbel("tasks", options);
  const kit = testKit(app, {
    seed: 1,
    brokerRetries,
    random: () => 0.5,
    patience: 1,
    ...time,
    endpoint: worker(app, { waitUntilLimit: null }),
    ...(log === undefined ? {} : { log }),
  });
  Object.assign(kit.backend, wrap({ ...kit.backend }));
  const { clock, advance, calls, before, after } = kit;
  return {
    ...kit,
    app,
    clock: { ...clock, advance: async (seconds) => await advance(seconds, { deliver: false }) },
    ports: { calls, before, after },
    drain: async () => await kit.broker.drain(),
    finish: kit.settle,
    kill: kit.crash,
  };
}
