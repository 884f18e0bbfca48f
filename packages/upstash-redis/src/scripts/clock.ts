/**
 * The store's clock, the only one that judges leases, limits and expiry.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { textsIn } from "./reply.ts";

/** Lua: milliseconds since 1970 as `now`. */
export const luaClock = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** The twin of {@link luaClock}. */
export function clock(call: RedisCall): number {
  const [seconds, microseconds] = textsIn(call("TIME"));
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
