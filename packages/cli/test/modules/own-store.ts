/** Beat's entries in a place of the application's own, in which they are from the start: one tick has been there. */

import { Umbel } from "umbel";
import { type Beat, beat } from "umbel/beat";
import { memorySchedules } from "umbel/memory";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app: Umbel = new Umbel("elsewhere", { broker: qstash(), backend: upstash() });

const note = app.task("elsewhere.note", () => undefined);

export const schedule: Beat = beat(
  app,
  { hourly: { task: note, schedule: { hours: 1 } } },
  { store: memorySchedules(), tickedBy: "platform" },
);

await schedule.tick();
