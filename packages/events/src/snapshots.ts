/**
 * Pictures of a state at regular intervals, to keep them somewhere; Celery's Camera.
 *
 * @module
 */

import { secondsOf, type Duration, ImproperlyConfigured } from "@umbel/protocol";
import type { StateSnapshot } from "./state-snapshot.ts";
import type { State } from "./state.ts";

/** What tells the time and waits; an application's `platform` does both. */
export interface SnapshotClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after so many seconds; rejects when the signal aborts first. */
  readonly sleep: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Options of {@link snapshots}. */
export interface SnapshotOptions {
  /** Time from one picture to the next; a second when absent, as Celery's. */
  readonly every?: Duration;
  /** Ends it. A picture that is being kept is finished first. */
  readonly signal?: AbortSignal;
  readonly clock: SnapshotClock;
  /** Keeps a picture. What it throws ends it all. */
  readonly shutter: (snapshot: StateSnapshot) => void | Promise<void>;
  /** Whether tasks that have ended, workers and counts are forgotten once they are in a picture. */
  readonly clearAfter?: boolean;
}

/**
 * Takes a picture of a state again and again until it is told to stop; what the shutter gets does not change any more. When keeping
 * one takes longer than the interval, the pictures that were due meanwhile are left out. Throws `ImproperlyConfigured` for an interval that is none.
 */
export async function snapshots(state: State, options: SnapshotOptions): Promise<void> {
  const { signal, clock, shutter, clearAfter = false } = options;
  const every = intervalOf(options.every ?? 1);
  const start = clock.now();
  while (await isDue(clock, untilNext((clock.now() - start) / 1000, every), signal)) {
    const picture = state.toJSON();
    // Before the shutter is waited for: what comes while it works belongs to the next picture.
    if (clearAfter) state.clear();
    await shutter(picture);
  }
}

function intervalOf(every: Duration): number {
  const seconds = secondsOf(every);
  if (seconds > 0) return seconds;
  throw new ImproperlyConfigured(`every is ${JSON.stringify(every)}: give a time above 0`);
}

/** Seconds from now to the next whole number of intervals. */
function untilNext(passed: number, every: number): number {
  return (Math.floor(passed / every + 1e-9) + 1) * every - passed;
}

/** Waits; false when the signal has aborted. */
async function isDue({ sleep }: SnapshotClock, seconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal?.aborted) return false;
  try {
    await sleep(seconds, signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
  return !signal?.aborted;
}
