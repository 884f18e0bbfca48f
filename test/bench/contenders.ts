/**
 * Who takes part on this machine.
 *
 * @module
 */

import { bullmqVersion, startBullmq } from "./bullmq.ts";
import { celeryVersion, startCelery } from "./celery.ts";
import type { ContenderName, Running } from "./contender.ts";
import { type BenchRedis, redisVersion, startRedis } from "./redis.ts";
import { type Starting, startUmbel } from "./umbel.ts";

/** Everything that runs. */
export interface Field {
  readonly contenders: readonly Running[];
  readonly redis: BenchRedis | undefined;
  stop(): Promise<void>;
}

/** What is missing, and how to install it. */
export function missing(): readonly string[] {
  return [
    ...(redisVersion() === undefined ? ["redis-server is missing: apt-get install redis-server"] : []),
    ...(celeryVersion() === undefined ? ["Celery is missing: apt-get install python3-celery python3-redis"] : []),
    ...(bullmqVersion() === undefined ? ["BullMQ is missing: npm install"] : []),
  ];
}

/** Starts all who can take part and are wanted. */
export async function startField(wanted: ReadonlySet<ContenderName>, starting: Starting): Promise<Field> {
  const redis = redisVersion() === undefined ? undefined : await startRedis();
  const starts: Readonly<Record<ContenderName, (() => Promise<Running>) | undefined>> = {
    embedded: async () => await startUmbel(starting),
    redis: redis && (async () => await startUmbel({ ...starting, redis })),
    celery: redis && celeryVersion() !== undefined ? async () => await startCelery(redis) : undefined,
    bullmq: redis && bullmqVersion() !== undefined ? async () => await startBullmq(redis) : undefined,
  };
  const contenders: Running[] = [];
  for (const name of wanted) {
    const running = await starts[name]?.();
    if (running !== undefined) contenders.push(running);
  }

  return {
    contenders,
    redis,
    async stop() {
      for (const each of contenders) await each.stop();
      await redis?.stop();
    },
  };
}
