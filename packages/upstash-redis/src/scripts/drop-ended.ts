/**
 * Members of a sorted set that are scored by when they end leave it when somebody comes by.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { aside } from "./aside.ts";
import { textsIn } from "./reply.ts";

/** Most that leave at once: nobody is held up for long, and whoever comes next takes others. */
const most = 100;

/** Lua: `dropEnded(key)`, with `now` and `aside`. */
export const luaDropEnded: string = `
local function dropEnded(key)
  local ended = aside('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, ${most})
  if ended and ended[1] then redis.call('ZREM', key, unpack(ended)) end
end
`;

/** The twin of {@link luaDropEnded}. */
export function dropEnded(call: RedisCall, key: string, now: number): void {
  const ended = textsIn(aside(call)("ZRANGEBYSCORE", key, "-inf", now, "LIMIT", 0, most));
  if (ended.length > 0) call("ZREM", key, ...ended);
}
