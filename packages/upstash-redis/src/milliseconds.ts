/**
 * Durations as the store takes them.
 *
 * @module
 */

/** Whole milliseconds, at least one, for Redis knows no shorter life; `''` for one without end. */
export function milliseconds(seconds: number | undefined): string {
  return seconds === undefined ? "" : String(Math.max(1, Math.ceil(seconds * 1000)));
}
