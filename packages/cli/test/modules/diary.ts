/** An application with entries of two kinds. */

import { type Task, Umbel } from "umbel";
import { type Beat, beat, crontab } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

/** The application. */
export const app: Umbel = new Umbel("diary", { broker: qstash(), backend: upstash({ timeout: 3 }) });

const note: Task<[text: string], string> = app.task("diary.note", (text: string) => text);

/** Its schedule. */
export const schedule: Beat = beat(app, {
  monday: { task: note.s("a week"), schedule: crontab({ minute: 30, hour: 7, dayOfWeek: 1 }), timezone: "Europe/Oslo" },
  often: { task: note.s("now"), schedule: 20 },
});
