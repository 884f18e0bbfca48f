/**
 * Where a page of a sorted set begins.
 *
 * A place is a score and a member, so that what comes and goes before it moves nothing behind it.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { textsIn } from "./reply.ts";

/**
 * Lua: `rankBehind(key, score, last)`: how many stand up to this place; without a score, or where more have ended, how many have
 * ended. With `now`. Lua would compare texts as the server's language has it, Redis orders members by their bytes.
 */
export const luaPlace = `
local function isBehind(member, last)
  for at = 1, math.min(#member, #last) do
    local one, other = string.byte(member, at), string.byte(last, at)
    if one ~= other then return one > other end
  end
  return #member > #last
end

local function rankBehind(key, score, last)
  local ended = redis.call('ZCOUNT', key, '-inf', now)
  if score == '' then return ended end
  local rank = redis.call('ZCOUNT', key, '-inf', '(' .. score)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', key, score, score)) do
    if not isBehind(member, last) then rank = rank + 1 end
  end
  return math.max(ended, rank)
end
`;

/** A place in a set, and the clock. */
export interface Place {
  readonly key: string;
  readonly score: string;
  readonly last: string;
  readonly now: number;
}

/** The twin of {@link luaPlace}. */
export function rankBehind(call: RedisCall, { key, score, last, now }: Place): number {
  const ended = Number(call("ZCOUNT", key, "-inf", now));
  if (score === "") return ended;
  const ties = textsIn(call("ZRANGEBYSCORE", key, score, score));
  const before = ties.filter((member) => !isBehind(member, last)).length;
  return Math.max(ended, Number(call("ZCOUNT", key, "-inf", `(${score}`)) + before);
}

function isBehind(member: string, last: string): boolean {
  const encoder = new TextEncoder();
  const other = encoder.encode(last);
  const one = encoder.encode(member);
  const at = one.findIndex((byte, nth) => byte !== other[nth]);
  return at !== -1 && (one[at] ?? 0) > (other[at] ?? -1);
}
