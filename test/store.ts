/**
 * Redis over REST, served by the gateway on loopback before either engine.
 *
 * @module
 */

import { serveGateway } from "@umbel/gateway";
import { scripts } from "@umbel/upstash-redis";
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
  const gateway = await serveGateway({
    data: ":memory:",
    environment: (name) => (name === "REDIS_URL" ? redis?.url : undefined),
    scripts,
    port: 0,
    restPort: 0,
    log: () => {},
  });

  return {
    address: { url: gateway.restUrl, token: gateway.variables["UPSTASH_REDIS_REST_TOKEN"] ?? "" },
    redisUrl: redis?.url,
    async stop() {
      await gateway.close();
      await redis?.stop();
    },
  };
}
