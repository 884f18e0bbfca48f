/**
 * BullMQ as a contender: one worker process on Node, on Redis.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { repository, startChild } from "./child.ts";
import type { Running } from "./contender.ts";
import type { BenchRedis } from "./redis.ts";

const node = "node_modules/.bin/node";

const Manifest = z.object({ version: z.string() });

/** BullMQ's version; undefined when it is missing. */
export function bullmqVersion(): string | undefined {
  try {
    const text = readFileSync(join(repository, "node_modules/bullmq/package.json"), "utf8");
    return Manifest.parse(JSON.parse(text)).version;
  } catch {
    return undefined;
  }
}

/** Starts BullMQ. */
export async function startBullmq(redis: BenchRedis): Promise<Running> {
  const environment = { BENCH_REDIS_URL: redis.url(3) };
  const worker = startChild([node, "test/bench/programs/bullmq-worker.ts"], environment);
  await worker.until(/ready/);
  const producer = startChild([node, "test/bench/programs/bullmq-producer.ts"], environment);

  return {
    name: "bullmq",
    ask: producer.ask,
    servants: [worker.pid],
    all: [worker.pid, producer.pid, redis.pid],
    async stop() {
      await producer.stop();
      await worker.stop("SIGKILL");
    },
  };
}
