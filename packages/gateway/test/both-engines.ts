/**
 * The embedded engine beside a real Redis, both empty: to be asked the same.
 *
 * @module
 */

import { embeddedEngine } from "../src/redis/embedded/engine.ts";
import type { RedisEngine } from "../src/redis/engine.ts";
import { redisServer } from "../src/redis/redis-server.ts";
import { openDatabase } from "../src/store/database.ts";
import { startRedis } from "./redis-process.ts";

/** Both of them. */
export interface BothEngines extends AsyncDisposable {
  readonly embedded: RedisEngine;
  readonly real: RedisEngine;
}

/** Starts both; there is a redis-server. */
export async function startBothEngines(): Promise<BothEngines> {
  const redis = await startRedis();
  const database = openDatabase(":memory:");
  const [embedded, real] = [embeddedEngine({ database }), redisServer({ url: redis.url })];
  return {
    embedded,
    real,
    async [Symbol.asyncDispose]() {
      await Promise.all([real.close(), embedded.close()]);
      await redis.stop();
      database.close();
    },
  };
}
