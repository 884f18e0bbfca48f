/**
 * BullMQ's producer of the bench.
 *
 * @module
 */

import { type FlowJob, FlowProducer, Queue, QueueEvents } from "bullmq";
import { connection } from "./bullmq-queue.ts";
import { answerQuestions, eachOf, timed, timedEach, until } from "./questions.ts";

const queue = new Queue("bench", { connection: connection() });
const parking = new Queue("parked", { connection: connection() });
const flows = new FlowProducer({ connection: connection() });
const events = new QueueEvents("bench", { connection: connection() });
await events.waitUntilReady();

await answerQuestions({
  tasks: async ({ count }) => {
    const before = await queue.getCompletedCount();
    return [
      await timed(async () => {
        await eachOf(count, async (i) => await queue.add("add", { x: i, y: i }));
        await until(async () => (await queue.getCompletedCount()) >= before + count);
      }),
    ];
  },
  enqueue: async ({ count }) => [
    await timed(async () => await eachOf(count, async (i) => await parking.add("add", { x: i, y: i }))),
  ],
  batches: async ({ count, size }) => [
    await timed(async () => await eachOf(count / size, async () => await parking.addBulk(jobsOf(size)))),
  ],
  roundTrips: async ({ count }) =>
    await timedEach(count, async (i) => await (await queue.add("add", { x: i, y: i })).waitUntilFinished(events)),
  chain: async ({ count, size }) => await timedEach(count, async () => await finish(nested(size))),
  chord: async ({ count, size }) => await timedEach(count, async () => await finish(flow("sum", membersOf(size)))),
  send: async ({ count }) => [await timed(async () => await queue.addBulk(jobsOf(count)))],
});

function jobsOf(size: number) {
  return Array.from({ length: size }, (_, i) => ({ name: "add", data: { x: i, y: i } }));
}

async function finish(tree: FlowJob): Promise<void> {
  const { job } = await flows.add(tree);
  await job.waitUntilFinished(events);
}

/** A chain as BullMQ has it: each step the parent of the one before. */
function nested(size: number): FlowJob {
  let step: FlowJob = { name: "add", queueName: "bench", data: { x: 0, y: 1 } };
  for (let depth = 1; depth < size; depth += 1) step = flow("step", [step], 1);
  return step;
}

function membersOf(size: number): FlowJob[] {
  return jobsOf(size).map(({ name, data }) => ({ name, data, queueName: "bench" }));
}

function flow(name: string, children: FlowJob[], x = 0): FlowJob {
  return { name, queueName: "bench", data: { x, y: 0 }, children };
}
