/**
 * Tasks whose results are asked for.
 *
 * `npm run umbel -- -A examples/results/src/tasks.ts worker` serves them.
 *
 * @module
 */

import { setTimeout } from "node:timers/promises";
import { type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app: Umbel = new Umbel("tasks", { broker: qstash(), backend: upstash() });

export const add: Task<[x: number, y: number], number> = app.task("tasks.add", (x: number, y: number) => x + y);

export const slow: Task<[seconds: number], number> = app.task("tasks.slow", async (seconds: number) => {
  await setTimeout(seconds * 1000);
  return seconds;
});

export const boom: Task<[], never> = app.task("tasks.boom", () => {
  throw new Error("Exception Error");
});
