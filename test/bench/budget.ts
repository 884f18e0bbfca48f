/**
 * What is counted, since each of it is billed: commands, requests; and what a gateway with many messages needs.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Running, UmbelSide } from "./contender.ts";
import type { Watch } from "./redis.ts";
import type { Setting, Trial } from "./trial.ts";
import { startGateway, startProducer } from "./umbel.ts";
import { memoryOf } from "./usage.ts";

/** The database of each contender: see where they are started. */
const databases = { embedded: 0, redis: 1, celery: 2, bullmq: 3 } as const;

const commands: Trial = {
  name: "commands",
  figures: [
    { id: "commands", title: "Redis commands, as sent", unit: "per task", better: "less" },
    { id: "commands-all", title: "Redis commands, with those in scripts", unit: "per task", better: "less" },
  ],
  contenders: ["redis", "celery", "bullmq"],
  mostRuns: 1,
  async measure(running, setting) {
    return await watched(running, setting, async (watch) => {
      await running.ask({ scenario: "send", count: 100 });
      await watch.quiet();
      return [watch.sent() / 100, watch.all() / 100];
    });
  },
};

const requests: Trial = {
  name: "requests",
  figures: [
    { id: "requests-store", title: "round trips to the store", unit: "per task", better: "less" },
    { id: "requests-publish", title: "publish calls for a group of 100", unit: "", better: "less" },
  ],
  contenders: ["redis"],
  mostRuns: 1,
  async measure(running, setting) {
    const before = await running.umbel?.requests();
    await watched(running, setting, async (watch) => {
      await running.ask({ scenario: "send", count: 100 });
      await watch.quiet();
    });
    const after = await running.umbel?.requests();
    if (before === undefined || after === undefined) return [];
    return [(after.store - before.store) / 100, after.publish - before.publish];
  },
};

const wait: Trial = {
  name: "wait",
  figures: [{ id: "wait", title: "Redis commands of ?wait=10, task apart", unit: "per request", better: "less" }],
  contenders: ["redis"],
  mostRuns: 1,
  async measure(running, setting) {
    return await watched(running, setting, async (watch) => {
      if (running.umbel !== undefined) await waitForOne(running.umbel);
      await watch.quiet();
      return [watch.sent(["evalsha", "eval"])];
    });
  },
};

const idle: Trial = {
  name: "idle",
  figures: [{ id: "idle", title: "Redis commands while idle", unit: "in 10 s", better: "less" }],
  contenders: ["redis", "celery", "bullmq"],
  mostRuns: 1,
  async measure(running, setting) {
    return await watched(running, setting, async (watch) => {
      await new Promise((resolve) => void setTimeout(resolve, setting.scaled(10_000)));
      return [watch.sent()];
    });
  },
};

const delayed: Trial = {
  name: "delayed",
  figures: [
    { id: "delayed-memory", title: "gateway with 100,000 delayed tasks, memory", unit: "MiB", better: "less" },
    { id: "delayed-start", title: "its start after kill -9", unit: "s", better: "less" },
    { id: "delayed-fresh", title: "its memory after that", unit: "MiB", better: "less" },
  ],
  contenders: ["embedded"],
  mostRuns: 1,
  async measure(_running, { runtime, scaled }) {
    const data = mkdtempSync(join(tmpdir(), "umbel-bench-"));
    const first = await startGateway({ runtime }, data);
    const producer = startProducer({ runtime }, first.variables);
    await producer.ask({ scenario: "batches", count: scaled(100_000), size: 100 });
    const memory = memoryOf([first.child.pid]);
    await producer.stop();
    await first.child.stop("SIGKILL");
    const start = performance.now();
    const second = await startGateway({ runtime }, data);
    const seconds = (performance.now() - start) / 1000;
    const fresh = memoryOf([second.child.pid]);
    await second.child.stop();
    rmSync(data, { recursive: true, force: true });
    return [memory / 2 ** 20, seconds, fresh / 2 ** 20];
  },
};

/** The trials of this file. */
export const budget: readonly Trial[] = [commands, requests, wait, idle, delayed];

/** Does work while a contender's database is watched. */
export async function watched<Value>(
  { name }: Running,
  { redis }: Setting,
  work: (watch: Watch) => Promise<Value>,
): Promise<Value> {
  if (redis === undefined) throw new Error("There is no Redis to watch");
  const watch = await redis.watch(databases[name]);
  try {
    return await work(watch);
  } finally {
    watch.stop();
  }
}

const Accepted = z.object({ id: z.string() });

/** A task of half a second, and somebody who waits for it over HTTP. */
async function waitForOne({ workerUrl }: UmbelSide): Promise<void> {
  const headers = { authorization: "Bearer umbel-dev", "content-type": "application/json" };
  const body = JSON.stringify({ args: [500] });
  const sent = await fetch(`${workerUrl}/tasks/bench.wait`, { method: "POST", headers, body });
  const { id } = Accepted.parse(await sent.json());
  const answer = await (await fetch(`${workerUrl}/tasks/${id}?wait=10`, { headers })).text();
  if (!answer.includes("SUCCESS")) throw new Error(`?wait=10 answered ${answer}`);
}
