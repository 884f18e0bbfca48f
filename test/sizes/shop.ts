/** The application of the bundles that are measured. */

import { type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

/** On the broker and the backend of a deployment. */
export const app: Umbel = new Umbel("shop", { broker: qstash(), backend: upstash() });

/** Its task. */
export const add: Task<[x: number, y: number], number> = app.task("shop.add", (x: number, y: number) => x + y);
