/**
 * What every schedule store must do: the promises of its port, each as a test.
 *
 * @module
 */

import { describe } from "vitest";
import { describeAwkwardEntries } from "./awkward-entries.ts";
import { describeChanges } from "./schedule-changes.ts";
import { describeDue } from "./schedule-due.ts";
import { describeEntries } from "./schedule-entries.ts";
import type { StartScheduleStore } from "./schedule-harness.ts";
import { describeManyEntries } from "./schedule-many.ts";
import { describePlans } from "./schedule-plans.ts";

/** Tests a store against the whole port; `start` is called by each test, whose applications are its own. */
export function describeScheduleStore(name: string, start: StartScheduleStore): void {
  describe(`${name} as a schedule store`, () => {
    describeDue(start);
    describeEntries(start);
    describeChanges(start);
    describePlans(start);
    describeAwkwardEntries(start);
    describeManyEntries(start);
  });
}
