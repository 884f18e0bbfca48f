/**
 * What every monitor's store must do: the promises of its port, each as a test.
 *
 * @module
 */

import { describe } from "vitest";
import { describeActive } from "./monitor-active.ts";
import { describeDirectives } from "./monitor-directives.ts";
import type { StartMonitorStore } from "./monitor-harness.ts";
import { describeLive } from "./monitor-live.ts";
import { describePast } from "./monitor-past.ts";
import { describePauses } from "./monitor-pauses.ts";
import { describeRecords } from "./monitor-records.ts";
import { describeRevoked } from "./monitor-revoked.ts";
import { describeTold } from "./monitor-told.ts";
import { describeWorkers } from "./monitor-workers.ts";

/** Tests a store against the whole port, and what the calls of its backend tell it; `start` is called by each test. */
export function describeMonitorStore(name: string, start: StartMonitorStore): void {
  describe(`${name} as a monitor's store`, () => {
    describePast(start);
    describeLive(start);
    describeTold(start);
    describeWorkers(start);
    describeActive(start);
    describeRecords(start);
    describeRevoked(start);
    describeDirectives(start);
    describePauses(start);
  });
}
