/**
 * A clock that moves only when it is told to, and wakes whoever sleeps until then.
 *
 * @module
 */

import { turn } from "./turn.ts";

/** A clock and its sleepers, as a test sees them. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves once the clock has moved so many seconds on, for none in the next turn of the event loop; rejects with the signal's reason when it aborts first. */
  readonly sleep: (seconds: number, signal?: AbortSignal) => Promise<void>;
  /** How many sleep now. */
  readonly sleepers: () => number;
}

/** A clock that can be moved. */
export interface MovableClock extends Clock {
  /** When the next sleeper wakes. */
  next(): number | undefined;
  /** Moves forward to an instant, and wakes whoever sleeps until then or less. */
  moveTo(instant: number): void;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Makes a clock that stands at `start`. */
export function movableClock(start: number): MovableClock {
  let time = start;
  const sleepers = new Set<Sleeper>();
  return { now: () => time, sleepers: () => sleepers.size, sleep, next, moveTo };

  async function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (seconds <= 0) return await turn();
    await new Promise<void>((resolve, reject) => {
      const sleeper = { at: time + seconds * 1000, wake };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", stop, { once: true });

      function wake(): void {
        signal?.removeEventListener("abort", stop);
        resolve();
      }

      function stop(): void {
        sleepers.delete(sleeper);
        reject(signal?.reason);
      }
    });
  }

  function next(): number | undefined {
    let first: number | undefined;
    for (const { at } of sleepers) if (first === undefined || at < first) first = at;
    return first;
  }

  function moveTo(instant: number): void {
    time = Math.max(time, instant);
    const due = [...sleepers].filter(({ at }) => at <= time).toSorted((one, other) => one.at - other.at);
    for (const each of due) {
      sleepers.delete(each);
      each.wake();
    }
  }
}
