/**
 * Tasks, and receivers of their signals: these are called in the process that runs the tasks.
 *
 * `npm run umbel -- -A examples/signals/src/tasks.ts worker` serves them.
 *
 * @module
 */

import { type BoundTask, type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app: Umbel = new Umbel("tasks", { broker: qstash(), backend: upstash() });

export const add: Task<[x: number, y: number], number> = app.task("tasks.add", (x: number, y: number) => x + y);

export const sub: Task<[x: number, y: number], number> = app.task("tasks.sub", (x: number, y: number) => x - y);

export const boom: Task<[], never> = app.task("tasks.boom", () => {
  throw new Error("Exception Error");
});

/** Tries once more, a second later. */
export const div: Task<[x: number, y: number], number> = app.task(
  { name: "tasks.div", bind: true },
  (task: BoundTask, x: number, y: number) => {
    if (y === 0) throw task.retry({ countdown: 1, maxRetries: 1, exc: new RangeError("division by zero") });
    return x / y;
  },
);

/** Its success has two receivers, and the first one throws. */
export const mul: Task<[x: number, y: number], number> = app.task("tasks.mul", (x: number, y: number) => x * y);

const { taskPrerun, taskSuccess, taskRetry, taskFailure, taskPostrun } = app.signals;

// With a sender: for calls of this task only. Nothing is heard of `sub`.
for (const sender of [add, boom, div]) {
  taskPrerun.connect(({ task, args }) => console.log(`prerun ${task.name}`, args), { sender });
  taskPostrun.connect(({ task, state }) => console.log(`postrun ${task.name} ${state}`), { sender });
  taskFailure.connect(({ exception }) => console.log(`failure ${sender.name} ${String(exception)}`), { sender });
}
taskSuccess.connect(({ result }) => console.log(`success tasks.add ${result}`), { sender: add });
taskRetry.connect(({ request, reason }) => console.log(`retry ${request.task} ${String(reason)}`), { sender: div });

taskSuccess.connect(
  () => {
    throw new Error("a receiver's own");
  },
  { sender: mul },
);
taskSuccess.connect(({ sender }) => console.log(`success ${sender.name} all the same`), { sender: mul });
