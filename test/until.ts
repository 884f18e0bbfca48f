/**
 * Waits for what happens by itself, without a clock: polls a condition, with a bound.
 *
 * @module
 */

/** Most turns of the event loop that anything in memory takes. */
const mostTurns = 10_000;

/** Pauses of 10 ms after those, for what is asked of a real store or gateway while the machine is busy. */
const mostPauses = 2000;

/** Resolves once the condition holds; throws when it goes on not holding. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < mostTurns + mostPauses; turn += 1) {
    if (await condition()) return;
    await new Promise<void>((resolve) => void (turn < mostTurns ? setImmediate(resolve) : setTimeout(resolve, 10)));
  }
  throw new Error(`This never came to hold: ${condition.toString()}`);
}
