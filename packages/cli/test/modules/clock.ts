/** An application with entries of its own. */

import { type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

/** The application. */
export const app: Umbel = new Umbel("clock", { broker: qstash(), backend: upstash({ timeout: 1 }) });

/** Strikes. */
export const strike: Task<[hour: number], string> = app.task("clock.strike", (hour: number) => `It is ${hour}`);

app.addPeriodicTask(1, strike.s(12), { name: "noon" });
