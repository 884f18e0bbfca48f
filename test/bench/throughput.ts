/**
 * How many and how fast: end to end, on the way in, there and back.
 *
 * @module
 */

import type { Running } from "./contender.ts";
import { quantile, type Trial } from "./trial.ts";
import { cpuOf } from "./usage.ts";

/** Many small tasks, from the call to the stored result. */
const tasks: Trial = {
  name: "tasks",
  figures: [
    { id: "tasks", title: "end to end", unit: "tasks/s", better: "more" },
    { id: "cpu", title: "processor time of all processes", unit: "ms/task", better: "less" },
  ],
  async measure(running, { scaled }) {
    const count = scaled(3000);
    const before = cpuOf(running.all);
    const rate = await rateOf(running, { scenario: "tasks", count });
    return [rate, ((cpuOf(running.all) - before) / count) * 1000];
  },
};

/** The way in, call by call. */
const enqueue: Trial = {
  name: "enqueue",
  figures: [{ id: "enqueue", title: "enqueue, a call each", unit: "tasks/s", better: "more" }],
  measure: async (running, { scaled }) => [await rateOf(running, { scenario: "enqueue", count: scaled(3000) })],
};

/** The way in, a hundred at a time. */
const batches: Trial = {
  name: "batches",
  figures: [{ id: "batches", title: "enqueue, groups of 100", unit: "tasks/s", better: "more" }],
  measure: async (running, { scaled }) => [
    await rateOf(running, { scenario: "batches", count: Math.max(100, scaled(10_000)), size: 100 }),
  ],
};

/** One call at a time, there and back. */
const roundTrips: Trial = {
  name: "roundTrips",
  figures: [
    { id: "p50", title: "round trip, half of them", unit: "ms", better: "less" },
    { id: "p99", title: "round trip, 99 of 100", unit: "ms", better: "less" },
  ],
  async measure(running, { scaled }) {
    const seconds = await running.ask({ scenario: "roundTrips", count: scaled(500) });
    return [quantile(seconds, 0.5) * 1000, quantile(seconds, 0.99) * 1000];
  },
};

/** The trials of this file. */
export const throughput: readonly Trial[] = [tasks, enqueue, batches, roundTrips];

async function rateOf(running: Running, question: Parameters<Running["ask"]>[0]): Promise<number> {
  const [seconds = Number.NaN] = await running.ask(question);
  return question.count / seconds;
}
