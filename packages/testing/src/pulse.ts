/**
 * Tells when a program that runs in memory has come to rest: nothing it started has moved for a few turns of the event
 * loop.
 *
 * @module
 */

/** Counts signs of life, and waits for their end. */
export interface Pulse {
  /** How many there were. */
  readonly beats: () => number;
  /** Gives a sign of life. */
  readonly beat: () => void;
  /** Resolves when none has come for so many turns of the event loop. */
  rest(turns: number): Promise<void>;
}

/** Makes one for something that has not moved yet. */
export function pulse(): Pulse {
  let count = 0;
  return {
    beats: () => count,
    beat: () => void (count += 1),
    async rest(turns) {
      for (let still = 0, seen = count; still < turns; still += 1) {
        await turn();
        if (count !== seen) still = -1;
        seen = count;
      }
    },
  };
}

// Taken when this is loaded, so that a test that replaces timers leaves the kit its own.
const immediate: unknown = Reflect.get(globalThis, "setImmediate");
const timeout = globalThis.setTimeout;

/** Lets everything run that is ready to: one turn of the event loop. */
export async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    if (typeof immediate === "function") immediate(resolve);
    else timeout(resolve, 0);
  });
}

/** Lets so many real milliseconds pass. */
export async function pauseForReal(milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => void timeout(resolve, milliseconds));
}
