/**
 * What every broker's desk must do: the promises of its port, each as a test.
 *
 * @module
 */

import { describe } from "vitest";
import { describeAccepted } from "./desk-accepted.ts";
import { describeDead } from "./desk-dead.ts";
import { describeDiscard } from "./desk-discard.ts";
import type { StartBrokerDesk } from "./desk-harness.ts";
import { describePins } from "./desk-pins.ts";

/** Tests a desk against the whole port; `start` is called by each test, whose queues are its own. */
export function describeBrokerDesk(name: string, start: StartBrokerDesk): void {
  describe(`${name} as a broker's desk`, () => {
    describeAccepted(start);
    describeDiscard(start);
    describeDead(start);
    describePins(start);
  });
}
