/**
 * When the store is away.
 *
 * @module
 */

/** An outage, which may be extended. */
export interface Outage {
  isOn(): boolean;
  /** When it ends; undefined when there is none. */
  end(): number | undefined;
  /** Takes the store away for so many seconds from now; it does not come back earlier than it would. */
  begin(seconds: number): void;
}

/** Makes a store that is there. */
export function noOutage(now: () => number): Outage {
  let until = Number.NEGATIVE_INFINITY;
  const isOn = () => now() < until;
  return {
    isOn,
    end: () => (isOn() ? until : undefined),
    begin: (seconds) => void (until = Math.max(until, now() + seconds * 1000)),
  };
}
