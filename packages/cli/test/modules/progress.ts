/** A task that tells how far it is, and stays there until it is told to stop. */

import { type BoundTask, type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

/** The application. */
export const app: Umbel = new Umbel("progress", { broker: qstash(), backend: upstash() });

/** Is half done. */
export const half: Task<[], null> = app.task({ name: "progress.half", bind: true }, async (task: BoundTask) => {
  await task.updateState({ state: "HALF", meta: { done: 1, of: 2 } });
  await new Promise((resolve) => task.signal.addEventListener("abort", resolve));
  return null;
});
