/**
 * The places for deliveries, and who may have one.
 *
 * A host gets another only while it has fewer than are left free. So one that does not answer has half of them in the
 * end, and a second one half of the rest: it takes many of them to hold up the others.
 *
 * @module
 */

/** The places. */
export interface Places {
  free(): number;
  /** Whether a delivery to a host can have one. */
  isFree(host: string): boolean;
  /** How many more a host can have, when no other takes one meanwhile. */
  freeFor(host: string): number;
  /** Takes one for a delivery to a host; whether it could have one. */
  take(host: string): boolean;
}

/** Creates the places; `open` says how many deliveries each host has already, and is changed. */
export function createPlaces(free: number, open: Map<string, number>): Places {
  let left = free;
  return {
    free: () => left,
    isFree: (host) => (open.get(host) ?? 0) < left,
    // Each that it gets is one less that is left.
    freeFor: (host) => Math.max(0, Math.ceil((left - (open.get(host) ?? 0)) / 2)),
    take(host) {
      const had = open.get(host) ?? 0;
      if (had >= left) return false;
      open.set(host, had + 1);
      left -= 1;
      return true;
    },
  };
}
