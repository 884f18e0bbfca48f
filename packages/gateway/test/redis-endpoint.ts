/**
 * Redis over REST on loopback, before either engine, with the official client in front of it.
 *
 * @module
 */

import { Redis, type RedisConfigNodejs } from "@upstash/redis";

import { listen } from "../src/http/listen.ts";
import { createRedisRest, type RedisRestOptions } from "../src/redis/rest.ts";
import { openDatabase } from "../src/store/database.ts";
import { hasRedis, startRedis } from "./redis-process.ts";

/** Both, and whether each can be tried here. */
export const engines: readonly { readonly engine: EngineName; readonly present: boolean }[] = [
  { engine: "embedded", present: true },
  { engine: "redis-server", present: hasRedis },
];

/** Which engine stands behind an endpoint. */
export type EngineName = "embedded" | "redis-server";

/** A listening endpoint. */
export interface Endpoint {
  readonly url: string;
  readonly token: string;
  /** The official client: text stays text, and each command is its own request. */
  client(options?: Partial<RedisConfigNodejs>): Redis;
  /** A request by hand, with the token. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A command by hand: the JSON of the answer. */
  command(...command: readonly (string | number)[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts an endpoint before a new, empty engine. */
export async function startEndpoint(engine: EngineName, options: Partial<RedisRestOptions> = {}): Promise<Endpoint> {
  if (engine === "redis-server") {
    const redis = await startRedis();
    return serve({ redisUrl: redis.url, ...options }, () => redis.stop());
  }
  const database = options.database ?? openDatabase(":memory:");
  return serve({ database, ...options }, async () => database.close());
}

async function serve(options: Partial<RedisRestOptions>, release: () => Promise<void>): Promise<Endpoint> {
  const token = "a token";
  const rest = createRedisRest({ token, scripts: [], log: () => undefined, ...options });
  const server = await listen(rest.app.fetch, { port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${server.port}`;

  function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${token}`);
    return fetch(`${url}${path}`, { ...init, headers });
  }

  return {
    url,
    token,
    request,
    client: (more) =>
      new Redis({ url, token, automaticDeserialization: false, enableAutoPipelining: false, retry: false, ...more }),
    async command(...command) {
      const response = await request("/", { method: "POST", body: JSON.stringify(command) });
      return response.json();
    },
    async close() {
      await rest.close();
      await server.close();
      await release();
    },
  };
}
