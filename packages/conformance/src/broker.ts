/**
 * What every push broker must do: the promises of the broker port, each as a test.
 *
 * @module
 */

import { describe } from "vitest";
import type { StartBroker } from "./broker-harness.ts";
import { describeDelivery } from "./delivery.ts";
import { describeFlowControl } from "./flow-control.ts";
import { describePublishing } from "./publishing.ts";
import { describeVerifying } from "./verifying.ts";

/** Tests a broker against the whole port. What it does not claim in its traits is not tested. */
export function describeBroker(name: string, start: StartBroker): void {
  describe(`${name} as a broker`, () => {
    describePublishing(start);
    describeDelivery(start);
    describeFlowControl(start);
    describeVerifying(start);
  });
}
