/**
 * Redis over REST, served by the gateway on loopback before any of its engines.
 *
 * @module
 */

import { createRedisRest, openDatabase } from "@umbel/gateway";
import { scripts } from "@umbel/upstash-redis";
import { openGateway } from "./gateway.ts";
import { hasRedisServer, type RedisServer, startRedisCluster, startRedisServer } from "./redis-server.ts";
import { serve } from "./serve.ts";

/** What may stand behind the endpoint. */
export type Engine = "embedded engine" | "redis-server" | "redis-cluster";

/** The engines that can be tried on this machine; where there is a redis-server there may be a cluster. */
export const engines: readonly Engine[] = hasRedisServer ? ["embedded engine", "redis-server"] : ["embedded engine"];

/** A served store. */
export interface ServedStore {
  /** What `upstash()` needs to reach it. */
  readonly address: { readonly url: string; readonly token: string };
  /** The real Redis behind it. */
  readonly redisUrl?: string | undefined;
  readonly stop: () => Promise<void>;
}

/** A store whose clock stands still until it is set. */
export interface ClockedStore extends ServedStore {
  /** Sets it: milliseconds since 1970. */
  readonly setClock: (instant: number) => Promise<void>;
}

/** Serves an empty store. */
export async function serveStore(engine: Engine): Promise<ServedStore> {
  const redis = await redisOf(engine);
  const gateway = await openGateway(redis === undefined ? {} : { REDIS_URL: redis.url });

  return {
    address: { url: gateway.restUrl, token: gateway.variables["UPSTASH_REDIS_REST_TOKEN"] ?? "" },
    redisUrl: redis?.url,
    async stop() {
      await gateway.close();
      await redis?.stop();
    },
  };
}

/** Serves an empty embedded store. */
export async function serveClockedStore(start: number): Promise<ClockedStore> {
  let now = start;
  const token = "token";
  const database = openDatabase(":memory:");
  const rest = createRedisRest({ token, scripts, database, now: () => now, log: () => undefined });
  const { url, stop } = await serve(rest.app.fetch);
  return {
    address: { url, token },
    async setClock(instant) {
      now = instant;
    },
    async stop() {
      await stop();
      await rest.close();
    },
  };
}

async function redisOf(engine: Engine): Promise<RedisServer | undefined> {
  if (engine === "redis-server") return await startRedisServer();
  return engine === "redis-cluster" ? await startRedisCluster() : undefined;
}
