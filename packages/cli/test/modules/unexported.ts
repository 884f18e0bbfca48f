/** An application whose schedule nobody can see. */

import { type Task, Umbel } from "umbel";
import { beat } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

/** The application. */
export const app: Umbel = new Umbel("unexported", { broker: qstash(), backend: upstash() });

/** Does nothing. */
export const idle: Task<[], string> = app.task("unexported.idle", () => "idle");

beat(app, { lost: { task: idle.s(), schedule: 1 } });
