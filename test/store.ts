/**
 * Redis over REST, served by the gateway on loopback before either engine.
 *
 * @module
 */

import { openGateway } from "./gateway.ts";
import { hasRedisServer, startRedisServer } from "./redis-server.ts";

/** What may stand behind the endpoint. */
export type Engine = "embedded engine" | "redis-server";

/** The engines that can be tried on this machine. */
export const engines: readonly Engine[] = hasRedisServer ? ["embedded engine", "redis-server"] : ["embedded engine"];

/** A served store. */
export interface ServedStore {
  /** What `upstash()` needs to reach it. */
  readonly address: { readonly url: string; readonly token: string };
  /** The real Redis behind it. */
  readonly redisUrl: string | undefined;
  stop(): Promise<void>;
}

/** Serves an empty store. */
export async function serveStore(engine: Engine): Promise<ServedStore> {
  const redis = engine === "redis-server" ? await startRedisServer() : undefined;
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
