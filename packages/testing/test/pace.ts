/**
 * How many simulated runs a test takes. On workerd each turn of the event loop lasts a millisecond and more, and the kit
 * waits for many: there a few runs have to do, and what takes thousands of turns is left to the other runtimes.
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
