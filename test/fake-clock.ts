/**
 * A clock that moves only when a test says so, and wakes whoever sleeps until then.
 *
 * @module
 */

/** A clock and its sleepers. */
export interface FakeClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves once the clock has been moved so many seconds on. */
  readonly sleep: (seconds: number, signal?: AbortSignal) => Promise<void>;
  /** Moves the clock, waking sleepers at their instants and letting what they start run in between. */
  advance(seconds: number): Promise<void>;
  /** How many sleep now. */
  readonly sleepers: () => number;
  /** Moves the clock forward to an instant without stopping on the way. */
  jump(instant: number): void;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Makes a clock that stands at `start`. */
export function fakeClock(start: number = Date.parse("2026-01-01T00:00:00Z")): FakeClock {
  let time = start;
  const sleepers = new Set<Sleeper>();
  return { now: () => time, sleepers: () => sleepers.size, sleep, advance, jump };

  async function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const sleeper = { at: time + seconds * 1000, wake: resolve };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  async function advance(seconds: number): Promise<void> {
    const end = time + seconds * 1000;
    for (let next = nextBefore(end); next !== undefined; next = nextBefore(end)) {
      time = Math.max(time, next.at);
      sleepers.delete(next);
      next.wake();
      await settleMicrotasks();
    }
    time = end;
    await settleMicrotasks();
  }

  function jump(instant: number): void {
    time = Math.max(time, instant);
    for (const each of sleepers) {
      if (each.at > time) continue;
      sleepers.delete(each);
      each.wake();
    }
  }

  function nextBefore(end: number): Sleeper | undefined {
    return [...sleepers].filter((each) => each.at <= end).toSorted((a, b) => a.at - b.at)[0];
  }
}

/** Lets promises that are ready, and requests in memory that they start, run to their next real wait. */
async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}
