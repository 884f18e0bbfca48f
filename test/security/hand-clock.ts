/**
 * A clock that a test puts forward by hand, for doors that are opened without a kit.
 *
 * @module
 */

/** A clock, and who sleeps by it. */
export interface HandClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (seconds: number, signal?: AbortSignal) => Promise<void>;
  /** Puts the clock forward to an instant, and wakes whoever slept until then. */
  readonly jump: (instant: number) => void;
}

/** Makes one that stands at the beginning of 2026. */
export function handClock(): HandClock {
  let time = Date.parse("2026-01-01T00:00:00Z");
  const sleepers = new Map<() => void, number>();
  return {
    now: () => time,
    async sleep(seconds, signal) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        sleepers.set(resolve, time + seconds * 1000);
        signal?.addEventListener("abort", () => {
          sleepers.delete(resolve);
          reject(signal.reason);
        });
      });
    },
    jump(instant) {
      time = Math.max(time, instant);
      for (const [wake, at] of sleepers) {
        if (at > time) continue;
        sleepers.delete(wake);
        wake();
      }
    },
  };
}
