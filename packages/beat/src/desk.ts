/**
 * What beat works with: an application, and where its entries are kept.
 *
 * @module
 */

import type { Umbel } from "@umbel/core";
import type { ScheduleStore } from "@umbel/protocol";

/** One application's entries. */
export interface Desk {
  readonly app: Umbel;
  readonly store: ScheduleStore;
}

/** Name of the logger of all that beat says. */
export const beatLogger = "umbel.beat";
