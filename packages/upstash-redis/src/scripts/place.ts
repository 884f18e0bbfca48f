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
 * `placesBehind(key, score, last, most)`: members and scores behind it in turn, and one more where there is one.
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

local function placesBehind(key, score, last, most)
  local first = rankBehind(key, score, last)
  return redis.call('ZRANGE', key, first, first + most, 'WITHSCORES')
end
`;

/** A place in a set, and the clock. */
export interface Place {
  readonly key: string;
  readonly score: string;
  readonly last: string;
  readonly now: number;
}

/** A member, and where it stands: its score, a space and itself. */
export interface PlacedMember {
  readonly member: string;
  readonly score: string;
  readonly place: string;
}

/** The twin of {@link luaPlace}. */
export function placesBehind(call: RedisCall, place: Place, most: number): readonly PlacedMember[] {
  const first = rankBehind(call, place);
  const words = textsIn(call("ZRANGE", place.key, first, first + most, "WITHSCORES"));
  return Array.from({ length: words.length / 2 }, (_, nth) => {
    const [member = "", score = ""] = words.slice(nth * 2, nth * 2 + 2);
    return { member, score, place: `${score} ${member}` };
  });
}

function rankBehind(call: RedisCall, { key, score, last, now }: Place): number {
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
