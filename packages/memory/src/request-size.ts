/**
 * How large a request is.
 *
 * @module
 */

/** Bytes of a request as JSON; 0 for what has none: the store itself refuses that. */
export function requestSize(request: unknown): number {
  try {
    return new TextEncoder().encode(JSON.stringify(request)).length;
  } catch {
    return 0;
  }
}
