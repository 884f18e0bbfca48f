/**
 * The kit: an application's broker, backend and worker in memory, on a clock of its own, with every fault there is.
 *
 * It takes an application as it stands, lends it its own ports, clock, dice and ids, and gives it its own back when it is
 * disposed of. All that happens in it follows from the seed.
 *
 * @module
 */

import type { LogRecord, Umbel } from "@umbel/core";
import type { DeadLetter, MemoryBackend, MemoryBroker, MemoryPush, WaitingMessage } from "@umbel/memory";
import type { Duration } from "@umbel/protocol";
import type { Clock } from "./clock.ts";
import type { Faults, FiredFault } from "./fault.ts";
import type { AdvanceOptions } from "./journey.ts";
import { checkKitOptions, type TestKitOptions } from "./kit-options.ts";
import { openKit } from "./open-kit.ts";
import type { PortMethod } from "./port-method.ts";
import type { Answer } from "./post.ts";

/** An application under test. */
export interface TestKit extends AsyncDisposable {
  readonly seed: number;
  /** The clock that the application reads. A body that sleeps on it takes no time. */
  readonly clock: Clock;
  /** Milliseconds since 1970, on that clock. */
  readonly now: () => number;
  /**
   * Moves the clock, stopping at every delivery and sleeper on the way; returns the number of pushes. With 0 all that is
   * due now is delivered. Bodies that have not ended at the end of that time go on running.
   */
  readonly advance: (time: Duration, options?: AdvanceOptions) => Promise<number>;
  /**
   * Delivers until nothing waits, moving the clock to each next delivery or sleeper; returns the number of pushes.
   * Throws `TimeoutError` that says what still waits, when there seems to be no end.
   */
  readonly settle: () => Promise<number>;
  /** Kills all of the worker's processes that run now: their callers lose the connection, their calls end nowhere. */
  readonly crash: () => void;
  /**
   * Does something just before the next call of a port's method; when it throws, the call never reaches the port. Throws
   * `ImproperlyConfigured` for what is no method. Where time passes and no such call comes, the disposal of the kit throws.
   */
  readonly before: (method: PortMethod, act: () => unknown) => void;
  /** The same just after the next call; when `act` throws, the call is done and its answer lost. */
  readonly after: (method: PortMethod, act: () => unknown) => void;
  /**
   * Takes the store away from everyone for so long, from now on: each call of the backend throws `BackendUnavailable`, and so
   * does what is watched. Who waits already goes on waiting.
   */
  readonly outage: (time: Duration) => void;
  /**
   * What goes wrong from now on; an empty list is nothing. Calls and pushes are counted on. Throws `ImproperlyConfigured` for
   * faults that there are not.
   */
  readonly useFaults: (faults: Faults) => void;
  /** What went wrong, in order; what was done by hand as well. */
  readonly fired: readonly FiredFault[];
  /** How many calls and pushes there were so far: orders what a test notes among {@link fired}. */
  readonly steps: () => number;
  /** The calls of the ports, by name, in order. May be emptied. */
  readonly calls: string[];
  /** Every push that the broker has sent, oldest first. */
  readonly pushes: readonly MemoryPush[];
  /** What was answered, in the order of the answers. */
  readonly answers: readonly Answer[];
  /** Messages that the broker has given up. */
  readonly deadLetters: readonly DeadLetter[];
  /** Messages that wait at the broker. */
  readonly waiting: readonly WaitingMessage[];
  /** The broker itself: what is done here no fault strikes, and nobody counts; `broker.desk` is what operators ask of it. */
  readonly broker: MemoryBroker;
  /**
   * The store itself, in the same way; `backend.schedules` is where beats keep their entries, `backend.monitor` what operators
   * look at and change.
   */
  readonly backend: MemoryBackend;
  /** What the application logged. May be emptied. */
  readonly lines: LogRecord[];
  /** Sends the nth push (from 0) to the worker once more, as a broker may at any time. */
  readonly redeliver: (nth: number) => Promise<Response>;
  /** Sends a request to the worker. */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Runs something else as a process of its own, a beat's tick, say: what goes wrong at the calls of a worker goes wrong at
   * its calls. Rejects with a lost connection when it is killed. `name` is what faults are told to have struck.
   */
  readonly run: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
}

/**
 * Takes an application under test. It must be disposed of: `await using kit = testKit(app)`.
 * Throws `ImproperlyConfigured` while another kit has the application, for options that mean nothing, and on a runtime without
 * AsyncLocalStorage.
 */
export function testKit(app: Umbel, options: TestKitOptions = {}): TestKit {
  checkKitOptions(options);
  return openKit(app, options);
}
