/**
 * The demo's schedule.
 *
 * @module
 */

import { app, heartbeat } from "@umbel/app-worker/tasks";
import { type Beat, beat } from "umbel/beat";

/** Sends a sign of life every half minute, if it is ticked as often. */
export const schedule: Beat = beat(app, {
  heartbeat: { task: heartbeat.s(), schedule: 30, options: { expires: 60 } },
});
