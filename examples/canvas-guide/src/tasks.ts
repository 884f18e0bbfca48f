/**
 * The tasks that the guide puts together.
 *
 * `npm run umbel -- -A examples/canvas-guide/src/tasks.ts worker -l critical` serves them.
 *
 * @module
 */

import { type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app: Umbel = new Umbel("tasks", { broker: qstash(), backend: upstash() });

export const add: Task<[x: number, y: number], number> = app.task("tasks.add", (x: number, y: number) => x + y);

export const sub: Task<[x: number, y: number], number> = app.task("tasks.sub", (x: number, y: number) => x - y);

export const mul: Task<[x: number, y: number], number> = app.task("tasks.mul", (x: number, y: number) => x * y);

export const xsum: Task<[values: readonly number[]], number> = app.task("tasks.xsum", (values: readonly number[]) =>
  values.reduce((sum, each) => sum + each, 0),
);

/** Takes no notice of anything. */
export const done: Task<[importId: number], string> = app.task(
  "tasks.done",
  (importId: number) => `import ${importId} is done`,
);

export const boom: Task<[], number> = app.task("tasks.boom", (): number => {
  throw new Error("Exception Error");
});
