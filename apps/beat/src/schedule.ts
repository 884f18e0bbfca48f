/**
 * The demo's schedule.
 *
 * @module
 */

import { app, heartbeat, stamp } from "@umbel/app-worker/tasks";
import { type Beat, beat, crontab } from "umbel/beat";

/** A sign of life every half minute, and a look at where tasks run, on working days at half past seven in Oslo. */
export const schedule: Beat = beat(app, {
  heartbeat: { task: heartbeat.s(), schedule: 30, options: { expires: 60 } },
  morning: {
    task: stamp.s([]),
    schedule: crontab({ minute: 30, hour: 7, dayOfWeek: "mon-fri" }),
    timezone: "Europe/Oslo",
    catchup: { policy: "once", within: "2h" },
  },
});
