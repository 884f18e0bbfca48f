/** An application whose schedule is served, and looks six seconds ahead. */

import { type Task, Umbel } from "umbel";
import { type Beat, beat } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

const app: Umbel = new Umbel("served", { broker: qstash(), backend: upstash() });
const pulse: Task<[], string> = app.task("served.pulse", () => "alive");

/** Its schedule; the application is known by it. */
export const schedule: Beat = beat(app, { pulse: { task: pulse.s(), schedule: 1 } }, { horizon: 6 });
