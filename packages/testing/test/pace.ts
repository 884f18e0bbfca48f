/**
 * How many simulated runs a test takes. The kit waits for many turns of the event loop, and on workerd one lasts twenty
 * times as long as elsewhere: there a few runs have to do, and what takes thousands of turns is left to the others.
 *
 * @module
 */

/** Whether this is such a runtime. */
export const isSlow: boolean = globalThis.navigator?.userAgent === "Cloudflare-Workers";

/** How many runs there are. */
export interface Runs {
  readonly usual: number;
  /** At the full level. */
  readonly full: number;
  /** Where turns are slow. */
  readonly few: number;
}

/** The number that is right here. */
export function runsOf({ usual, full, few }: Runs): number {
  if (isSlow) return few;
  return process.env["UMBEL_TEST_LEVEL"] === "full" ? full : usual;
}
