/**
 * Time as the conformance suites let it pass where the clock is a real store's or a real broker's, which no test can move.
 *
 * @module
 */

/** Waits for so many seconds. Where a test waits for something to happen, it polls that instead. */
export async function passRealTime(seconds: number): Promise<void> {
  await new Promise<void>((resolve) => void setTimeout(resolve, seconds * 1000));
}
