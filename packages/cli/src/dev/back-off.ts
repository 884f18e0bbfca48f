/**
 * How long to wait before something that ends by itself is started again.
 *
 * @module
 */

/** Seconds before it is started again the first time, and at most. */
const first = 1;
const most = 30;
/** Seconds: what has lived for longer has not ended of what the one before it has ended of. */
const steady = 60;

/** Counts how often in a row. */
export interface BackOff {
  /** Seconds to wait, after one that has lived for so many. */
  readonly next: (lived: number) => number;
  /** The cause may be gone: the next wait is a first one. */
  readonly reset: () => void;
}

/** Waits twice as long each time: 1 s, 2 s, up to 30 s. */
export function openBackOff(): BackOff {
  let wait = first;
  return {
    next(lived) {
      if (lived >= steady) wait = first;
      const now = wait;
      wait = Math.min(most, wait * 2);
      return now;
    },
    reset: () => void (wait = first),
  };
}
