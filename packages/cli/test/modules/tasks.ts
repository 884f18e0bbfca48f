/** The tasks of the acceptance table, as far as commands need them. */

import { type BoundTask, type Task, Umbel, ValueError } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

/** The application. */
export const app: Umbel = new Umbel("tasks", { broker: qstash(), backend: upstash(), resultTimeout: 20 });

/** Adds. */
export const add: Task<[x: number, y: number], number> = app.task("tasks.add", (x: number, y: number) => x + y);

/** Fails. */
export const boom: Task<[], never> = app.task("tasks.boom", (): never => {
  throw new ValueError("no");
});

/** Runs until its soft limit, or for so many seconds. */
export const slow: Task<[seconds: number], string> = app.task(
  { name: "tasks.slow", bind: true, queue: "slow" },
  async (task: BoundTask, seconds: number) => {
    task.log.info("begins");
    await app.platform.sleep(seconds, task.signal);
    return `after ${seconds} s`;
  },
);

/** Runs alone: one at a time, until it is aborted or for so many seconds. */
export const alone: Task<[seconds: number], string> = app.task(
  { name: "tasks.alone", bind: true, rateLimit: { parallelism: 1 } },
  async (task: BoundTask, seconds: number) => {
    await app.platform.sleep(seconds, task.signal);
    return "done";
  },
);

/** Wants nothing of its message: it is kept among the dead letters. */
export const refuses: Task<[], never> = app.task({ name: "tasks.refuses", bind: true }, (task: BoundTask): never =>
  task.reject("not today"),
);
