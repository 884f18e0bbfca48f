/**
 * The push broker and the store of a deployment without cloud account: QStash's HTTP API over SQLite, and Redis over
 * REST in Upstash's protocol.
 *
 * It knows no task: what it delivers are bytes to URLs.
 *
 * @example
 * const gateway = await serveGateway({ data: "./data", environment: (name) => process.env[name] });
 * console.log(gateway.url, gateway.restUrl);
 *
 * @module
 */

export { developmentRestToken, readCredentials } from "./credentials.ts";
export type { Credentials } from "./credentials.ts";
export type { Allow } from "./destination-rule.ts";
export { PortTaken } from "./http/port-taken.ts";
export { developmentSigningKeys, developmentToken } from "./push/development-keys.ts";
export { createPushGateway } from "./push/gateway.ts";
export type { PushGateway, PushGatewayOptions } from "./push/gateway.ts";
export { createRedisRest } from "./redis/rest.ts";
export type { RedisRest, RedisRestOptions } from "./redis/rest.ts";
export { serveGateway } from "./serve.ts";
export type { ServedGateway, ServeGatewayOptions } from "./serve.ts";
export { openDatabase } from "./store/database.ts";
export type { Database } from "./store/database.ts";
