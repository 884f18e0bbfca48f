/**
 * When something happened, as far as machines can agree on it.
 *
 * @module
 */

/** Logical clock, Unix seconds, and who said so. */
export interface Moment {
  readonly clock: number;
  readonly timestamp: number;
  /** `host.pid` of a worker, the host of a client. */
  readonly origin: string;
}

/**
 * The earlier one first: by clock, of equal ones by origin (celery-semantics.md 6.3). Every moment has a clock, for an event
 * without one is given that of its receiver; so unlike Celery's the order has no circles.
 */
export function compareMoments(one: Moment, other: Moment): number {
  return one.clock - other.clock || compareTexts(one.origin, other.origin) || one.timestamp - other.timestamp;
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
