/**
 * Bound tasks: their first argument is the running call.
 *
 * `npm run umbel -- -A examples/request/src/tasks.ts worker -l critical` serves them.
 *
 * @module
 */

import { setTimeout } from "node:timers/promises";
import { type BoundTask, SoftTimeLimitExceeded, type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app: Umbel = new Umbel("tasks", { broker: qstash(), backend: upstash() });

/** Prints its request. */
export const show: Task<[x: number, y: number], number> = app.task(
  { name: "tasks.show", bind: true },
  ({ request }: BoundTask, x: number, y: number) => {
    for (const [field, value] of Object.entries(request)) console.log(`${field}: ${JSON.stringify(value)}`);
    return x + y;
  },
);

/** Tries once more after a second, and fails once no retry is left. */
export const div: Task<[x: number, y: number], number> = app.task(
  { name: "tasks.div", bind: true },
  (task: BoundTask, x: number, y: number) => {
    console.log(`div(${x}, ${y}), retries: ${task.request.retries}`);
    try {
      if (y === 0) throw new RangeError("division by zero");
      return x / y;
    } catch (cause) {
      throw task.retry({ countdown: 1, maxRetries: 1, cause });
    }
  },
);

/** Waits for longer than it may, is told so, and has a second left to clean up. */
export const slow: Task<[seconds: number], string> = app.task(
  { name: "tasks.slow", bind: true, softTimeLimit: 1, timeLimit: 2 },
  async (task: BoundTask, seconds: number) => {
    try {
      await setTimeout(seconds * 1000, undefined, { signal: task.signal });
      return "done";
    } catch (error) {
      if (!(task.signal.reason instanceof SoftTimeLimitExceeded)) throw error;
      console.log(String(task.signal.reason));
      return "cleaned up";
    }
  },
);
