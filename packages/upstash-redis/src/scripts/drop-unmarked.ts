/**
 * Records leave the list of those that were revoked when their marks end: with the record itself, which whatever touches it may
 * keep for longer than the mark has asked for.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { aside } from "./aside.ts";
import { textsIn } from "./reply.ts";

/** Most that are looked at. */
const most = 100;

/** Lua: `dropUnmarked(key)`, with `now` and `aside`. */
export const luaDropUnmarked: string = `
local function dropUnmarked(key)
  for _, record in ipairs(aside('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, ${most}) or {}) do
    if aside('HEXISTS', record, 'mark') == 1 then
      redis.call('ZADD', key, now + redis.call('PTTL', record), record)
    else
      redis.call('ZREM', key, record)
    end
  end
end
`;

/** The twin of {@link luaDropUnmarked}. */
export function dropUnmarked(call: RedisCall, key: string, now: number): void {
  const ended = textsIn(aside(call)("ZRANGEBYSCORE", key, "-inf", now, "LIMIT", 0, most));
  for (const record of ended) {
    if (aside(call)("HEXISTS", record, "mark") === 1) call("ZADD", key, now + Number(call("PTTL", record)), record);
    else call("ZREM", key, record);
  }
}
