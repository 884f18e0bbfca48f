/**
 * A task that makes calls and never ends in its first run, so that its process can be killed then.
 *
 * @module
 */

import { chain, group, type Task, type Umbel } from "umbel";
import type { Journal } from "./journal.ts";

/** Labels of its children: each is begun once. */
export const childLabels = ["same", "same", "bound", "first", "second", "left", "right"] as const;

/** Declares it; `count` is what its children run. In its second run it makes its calls in the opposite order. */
export function declareParent(app: Umbel, journal: Journal, count: Task<[label: string], string>): Task<[], number> {
  return app.task({ name: "stage.parent", bind: true }, async (task) => {
    const run = await journal.note("parent", `begin ${process.pid}`).then(async () => await journal.read("parent"));
    const calls: readonly (() => Promise<unknown>)[] = [
      async () => await count.delay("same"),
      async () => await task.delay(count.s("bound")),
      async () => await count.delay("same"),
      async () => await chain(count.si("first"), count.si("second")).delay(),
      async () => await task.delay(group([count.si("left"), count.si("right")])),
    ];
    for (const call of run.length === 1 ? calls : calls.toReversed()) await call();
    if (run.length === 1) await journal.pass("never");
    return run.length;
  });
}
