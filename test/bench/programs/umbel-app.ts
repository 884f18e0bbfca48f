/**
 * Umbel's tasks of the bench.
 *
 * @module
 */

import { type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

/** The application. Its log is as quiet as Celery's worker is by default. */
export const app: Umbel = new Umbel("bench", {
  broker: qstash(),
  backend: upstash(),
  workerLogLevel: "WARNING",
  resultTimeout: 600,
});

/** Adds. */
export const add: Task<[x: number, y: number], number> = app.task("bench.add", (x: number, y: number) => x + y);

/** Adds all. */
export const sum: Task<[values: readonly number[]], number> = app.task("bench.sum", (values: readonly number[]) =>
  values.reduce((total, each) => total + each, 0),
);

app.task("bench.one", (..._given: readonly unknown[]) => 1);

/** Takes a while: milliseconds. */
export const wait: Task<[milliseconds: number], null> = app.task("bench.wait", async (milliseconds: number) => {
  await new Promise((resolve) => void setTimeout(resolve, milliseconds));
  return null;
});
