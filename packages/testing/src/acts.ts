/**
 * What a test wants done just before or after a call, once for each time it says so.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { isPortMethod, type PortMethod, portMethods } from "./port-method.ts";

/** On which side of a call something is done. */
export type Moment = "before" | "after";

/** Acts that wait for their call. */
export interface Acts {
  /** Throws `ImproperlyConfigured` for what is no method of a port. */
  readonly before: (method: PortMethod, act: () => unknown) => void;
  /** Throws `ImproperlyConfigured` for what is no method of a port. */
  readonly after: (method: PortMethod, act: () => unknown) => void;
  /** Does what waits for this moment of this call; throws what it throws. */
  play(moment: Moment, method: string): Promise<void>;
  /** Told that time has passed, in which what waits could have happened. */
  readonly pass: () => void;
  /** What has not happened although time passed since: `kit.before("finish", ...)`. */
  missed(): readonly string[];
}

interface Act {
  readonly moment: Moment;
  readonly method: PortMethod;
  readonly act: () => unknown;
}

/** Makes a list with nothing on it. */
export function waitingActs(): Acts {
  const acts: Act[] = [];
  const passed = new Set<Act>();
  const adding = (moment: Moment) => (method: string, act: () => unknown) => {
    if (!isPortMethod(method)) throw new ImproperlyConfigured(strange(moment, method));
    acts.push({ moment, method, act });
  };
  return {
    before: adding("before"),
    after: adding("after"),
    async play(moment, method) {
      const next = acts.findIndex((each) => each.moment === moment && each.method === method);
      const [found] = next === -1 ? [] : acts.splice(next, 1);
      await found?.act();
    },
    pass() {
      for (const each of acts) passed.add(each);
    },
    missed: () =>
      acts.filter((each) => passed.has(each)).map(({ moment, method }) => `kit.${moment}("${method}", ...)`),
  };
}

function strange(moment: Moment, method: string): string {
  return `kit.${moment}: no port has a method "${method}"; there are ${portMethods.join(", ")}`;
}
