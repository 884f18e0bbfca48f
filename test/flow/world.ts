/**
 * A whole Umbel in memory: an application, its broker, its backend and its worker, on a clock that the test moves.
 *
 * Every call of a port passes an {@link Interference}; every push is handled in a life of its own, which can be killed.
 *
 * @module
 */

import { memoryBackend, memoryBroker, type MemoryBroker, type MemoryPush } from "@umbel/memory";
import type { Backend } from "@umbel/protocol";
import { type LogRecord, Umbel, type UmbelOptions } from "umbel";
import { worker } from "umbel/worker";
import { type FakeClock, fakeClock } from "../fake-clock.ts";
import { type Interference, interference } from "./interference.ts";
import { lives } from "./lives.ts";

/** What the worker answered to a push: a status, and when it wants to be asked again. */
export type Answer = `${number}` | `${number} after ${string} s` | "connection lost";

/** An application's options, and the broker's patience. */
export interface WorldOptions extends Partial<UmbelOptions> {
  /** How often a failed push is repeated; 30 times when not given. */
  readonly brokerRetries?: number;
}

/** What a test holds. */
export interface World {
  readonly app: Umbel;
  readonly clock: FakeClock;
  readonly broker: MemoryBroker;
  readonly backend: Backend;
  readonly lines: LogRecord[];
  /** Every push that the broker sent to the worker, oldest first. */
  readonly pushes: MemoryPush[];
  /** What the worker answered to each, as far as it has answered. */
  readonly answers: Answer[];
  /** What stands before the ports of the application. */
  readonly ports: Interference;
  /** Delivers everything that is due now. */
  readonly drain: () => Promise<number>;
  /** Delivers everything, moving the clock to each next delivery. */
  readonly finish: () => Promise<number>;
  /** Sends a request to the worker. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Sends the nth push to the worker once more, as a broker may at any time. */
  readonly redeliver: (nth: number) => Promise<Response>;
  /** Kills the worker's processes: all pushes that are being handled. */
  readonly kill: () => void;
}

/** Makes one; `wrap` lets a test put faults in front of the store. */
export function world(
  { brokerRetries = 30, ...options }: WorldOptions = {},
  wrap: (backend: Backend) => Backend = (backend) => backend,
): World {
  const clock = fakeClock();
  const lines: LogRecord[] = [];
  const ports = interference();
  const processes = lives();
  const door = doorTo(async (request) => await processes.live(async () => await endpoint.fetch(request)));
  const backend = wrap(memoryBackend({ now: clock.now }));
  const broker = memoryBroker({ now: clock.now, deliver: door.deliver, retries: brokerRetries });
  const app = new Umbel("tasks", {
    broker: processes.mortal(ports.guard(broker)),
    backend: processes.mortal(ports.guard(backend)),
    log: (record) => lines.push(record),
    platform: { now: clock.now, sleep: clock.sleep, random: () => 0.5 },
    ...options,
  });
  const endpoint = worker(app);
  return {
    ...door,
    app,
    clock,
    broker,
    backend,
    lines,
    ports,
    kill: () => processes.kill(),
    drain: async () => await broker.drain(),
    finish: async () => await broker.drain((instant) => clock.jump(instant)),
  };
}

type Door = Pick<World, "answers" | "fetch" | "pushes" | "redeliver"> & {
  readonly deliver: (push: MemoryPush) => Promise<Response>;
};

/** What comes in, and lists of it. */
function doorTo(fetch: World["fetch"]): Door {
  const pushes: MemoryPush[] = [];
  const answers: Answer[] = [];
  return {
    fetch,
    pushes,
    answers,
    deliver: async (push) => {
      pushes.push(push);
      try {
        const response = await fetch(new Request(push.url, push));
        answers.push(answerOf(response));
        return response;
      } catch (error) {
        answers.push("connection lost");
        throw error;
      }
    },
    redeliver: async (nth) => {
      const push = pushes[nth];
      if (push === undefined) throw new Error(`There was no push ${nth}`);
      return await fetch(new Request(push.url, push));
    },
  };
}

/** A response in short. */
export function answerOf({ status, headers }: Response): Answer {
  const wait = headers.get("retry-after");
  return wait === null ? `${status}` : `${status} after ${wait} s`;
}
