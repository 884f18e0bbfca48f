/**
 * BullMQ's worker of the bench: one process, a hundred jobs at once.
 *
 * @module
 */

import { type Job, Worker } from "bullmq";
import { connection, valueOf } from "./bullmq-queue.ts";

const worker = new Worker<{ x: number; y: number }, number>("bench", async (job) => await perform(job), {
  connection: connection(),
  concurrency: 100,
});
await worker.waitUntilReady();
console.log("ready");

/** An addition; in a flow, of what its children came to. */
async function perform(job: Job<{ x: number; y: number }, number>): Promise<number> {
  if (job.name === "add") return job.data.x + job.data.y;
  const values = Object.values(await job.getChildrenValues<number>()).map(valueOf);
  return values.reduce((total, each) => total + each, job.data.x);
}
