/**
 * What a test wants done just before or after a call, once for each time it says so.
 *
 * @module
 */

/** Acts that wait for their call. */
export interface Acts {
  readonly before: (call: string, act: () => unknown) => void;
  readonly after: (call: string, act: () => unknown) => void;
  /** Does what waits for this moment of this call; throws what it throws. */
  play(moment: Moment, call: string): Promise<void>;
}

type Moment = "before" | "after";

interface Act {
  readonly moment: Moment;
  readonly call: string;
  readonly act: () => unknown;
}

/** Makes a list with nothing on it. */
export function waitingActs(): Acts {
  const acts: Act[] = [];
  return {
    before: (call, act) => void acts.push({ moment: "before", call, act }),
    after: (call, act) => void acts.push({ moment: "after", call, act }),
    async play(moment, call) {
      const next = acts.findIndex((each) => each.moment === moment && each.call === call);
      const [found] = next === -1 ? [] : acts.splice(next, 1);
      await found?.act();
    },
  };
}
