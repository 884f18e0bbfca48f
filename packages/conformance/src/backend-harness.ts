/**
 * What the backend's suite needs of a store, and how it waits without knowing whose clock it waits for.
 *
 * @module
 */

import type { Backend } from "@umbel/protocol";

/** A store under test. */
export interface BackendHarness {
  readonly backend: Backend;
  /** Seconds: the shortest time that a test waits for. More than a few round trips when the clock is a real one. */
  readonly moment: number;
  /** Lets so many seconds of the store's time pass: moves a fake clock, or waits. */
  pass(seconds: number): Promise<void>;
}

/** Makes the store under test ready; it may be shared by tests. */
export type StartBackend = () => BackendHarness | Promise<BackendHarness>;

/** Asks again, a moment later each time, until the answer is accepted. The four hundredth answer is the last. */
export async function eventually<Answer>(
  harness: BackendHarness,
  ask: () => Promise<Answer>,
  accept: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let times = 1; ; times += 1) {
    const answer = await ask();
    if (accept(answer) || times === 400) return answer;
    await harness.pass(harness.moment);
  }
}
