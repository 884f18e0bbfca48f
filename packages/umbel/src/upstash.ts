/**
 * States and results in a Redis reached over REST: Upstash's, or the gateway's.
 *
 * @module
 */

export { scripts, storeClock, storeUrl, upstash } from "@umbel/upstash-redis";
export type { UpstashBackend, UpstashOptions } from "@umbel/upstash-redis";
