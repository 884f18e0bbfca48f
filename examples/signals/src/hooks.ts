/**
 * Hooks: a task's own options, called at its ends.
 *
 * `npx bun --conditions=@umbel/source examples/signals/src/hooks.ts`, by itself: it runs in memory, on a clock of its own.
 *
 * @module
 */

import { type TaskBase, Umbel } from "umbel";
import { testKit } from "umbel/testing";

const app = new Umbel("tasks", { workerLogLevel: "CRITICAL" });

/** Shared by three tasks. */
const hooks = {
  onSuccess: (value: unknown, { request }) => console.log(`${request.task}: onSuccess(${String(value)})`),
  onRetry: (error, { request }) => console.log(`${request.task}: onRetry(${String(error)})`),
  onFailure: (error, { request }) => console.log(`${request.task}: onFailure(${String(error)})`),
} satisfies TaskBase;

const one = app.task({ name: "tasks.one", base: hooks }, () => 1);
const fails = app.task({ name: "tasks.fails", base: hooks }, () => {
  throw new Error("no");
});
const again = app.task({ name: "tasks.again", base: hooks, bind: true, maxRetries: 1 }, (task) =>
  task.retry({ exc: new Error("not yet") }),
);

await using kit = testKit(app, { seed: 1 });
for (const task of [one, fails, again]) {
  await task.delay();
  await kit.settle();
}
