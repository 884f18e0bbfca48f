/** An application with a broker in memory and no backend, on a clock of the test's. */

import { type MemoryBroker, memoryBroker, type MemoryBrokerOptions, type MemoryPush } from "umbel/memory";
import { type LogRecord, Umbel, type UmbelOptions } from "umbel";
import { worker, type WorkerOptions } from "umbel/worker";

/** What a test holds. */
export interface Backendless {
  readonly app: Umbel;
  readonly broker: MemoryBroker;
  readonly clock: { readonly now: () => number; readonly advance: (seconds: number) => void };
  readonly fetch: (request: Request) => Promise<Response>;
  /** What the test's tasks note. */
  readonly ran: unknown[];
  /** The signals of the worker's side, in order: `success tasks.add`. */
  readonly fired: readonly string[];
  readonly lines: readonly LogRecord[];
  /** Delivers what is due now. */
  readonly drain: () => Promise<number>;
  /** Delivers everything; sleeping takes no time. */
  readonly finish: () => Promise<number>;
  /** Delivers the last push once more. */
  readonly redeliver: () => Promise<unknown>;
}

type MemoryTraits = NonNullable<MemoryBrokerOptions["traits"]>;

/** Makes one; the broker claims these traits, and the worker has these options. */
export function backendless(
  settings: Partial<UmbelOptions> = {},
  traits: MemoryTraits = {},
  options: WorkerOptions = {},
): Backendless {
  let now = 0;
  let last: MemoryPush | undefined;
  const lines: LogRecord[] = [];
  const broker = memoryBroker({
    traits,
    now: () => now,
    async deliver(push) {
      last = push;
      return await endpoint.fetch(new Request(push.url, push));
    },
  });
  const platform = {
    now: () => now,
    // A second takes a millisecond.
    async sleep(seconds: number, signal?: AbortSignal) {
      const until = now + seconds * 1000;
      await new Promise((resolve) => setTimeout(resolve, seconds));
      signal?.throwIfAborted();
      now = Math.max(now, until);
    },
  };
  const app = new Umbel("tasks", { ...settings, broker, platform, log: (record) => void lines.push(record) });
  const endpoint = worker(app, { waitUntil: () => undefined, waitUntilLimit: null, ...options });
  return {
    app,
    broker,
    lines,
    ran: [],
    fired: firedBy(app),
    clock: { now: () => now, advance: (seconds) => void (now += seconds * 1000) },
    fetch: async (request) => await endpoint.fetch(request),
    drain: async () => await broker.drain(),
    finish: async () => await broker.drain((instant) => void (now = Math.max(now, instant))),
    redeliver: async () => last && (await endpoint.fetch(new Request(last.url, last))),
  };
}

function firedBy({ signals }: Umbel): readonly string[] {
  const fired: string[] = [];
  signals.taskReceived.connect(({ sender }) => void fired.push(`received ${nameOf(sender)}`));
  signals.taskPrerun.connect(({ sender }) => void fired.push(`prerun ${nameOf(sender)}`));
  signals.taskSuccess.connect(({ sender }) => void fired.push(`success ${nameOf(sender)}`));
  signals.taskFailure.connect(({ sender }) => void fired.push(`failure ${nameOf(sender)}`));
  signals.taskRevoked.connect(({ sender }) => void fired.push(`revoked ${nameOf(sender)}`));
  signals.taskPostrun.connect(({ sender }) => void fired.push(`postrun ${nameOf(sender)}`));
  return fired;
}

function nameOf(sender: string | { readonly name: string }): string {
  return typeof sender === "string" ? sender : sender.name;
}
