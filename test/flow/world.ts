/**
 * A whole Umbel in memory: an application, its broker, its backend and its worker, on a clock that the test moves.
 *
 * @module
 */

import { memoryBackend, memoryBroker, type MemoryBroker } from "@umbel/memory";
import type { Backend } from "@umbel/protocol";
import { type LogRecord, Umbel, type UmbelOptions } from "umbel";
import { worker } from "umbel/worker";
import { type FakeClock, fakeClock } from "../fake-clock.ts";

/** What a test holds. */
export interface World {
  readonly app: Umbel;
  readonly clock: FakeClock;
  readonly broker: MemoryBroker;
  readonly backend: Backend;
  readonly lines: LogRecord[];
  /** Delivers everything that is due now. */
  readonly drain: () => Promise<number>;
  /** Delivers everything, moving the clock to each next delivery. */
  readonly finish: () => Promise<number>;
  /** Sends a request to the worker. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Makes one; `backend` lets a test put faults in front of the store. */
export function world(
  options: Partial<UmbelOptions> = {},
  wrap: (backend: Backend) => Backend = (backend) => backend,
): World {
  const clock = fakeClock();
  const lines: LogRecord[] = [];
  const backend = wrap(memoryBackend({ now: clock.now }));
  const broker = memoryBroker({
    now: clock.now,
    deliver: async (push) => await fetch(new Request(push.url, push)),
  });
  const app = new Umbel("tasks", {
    broker,
    backend,
    log: (record) => lines.push(record),
    platform: { now: clock.now, sleep: clock.sleep, random: () => 0.5 },
    ...options,
  });
  const endpoint = worker(app);
  return {
    app,
    clock,
    broker,
    backend,
    lines,
    fetch,
    drain: async () => await broker.drain(),
    finish: async () => await broker.drain(clock.jump),
  };

  async function fetch(request: Request): Promise<Response> {
    return await endpoint.fetch(request);
  }
}
