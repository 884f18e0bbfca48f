/**
 * What operators see of a task's record.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { textsIn } from "./reply.ts";

const fields = ["attempt", "lease", "state", "mark", "about"] as const;

/** How many words {@link viewOf} has of a record. */
export const wordsOfView = 6;

/** Lua: `view(rows, key)` adds the key and what is seen of it, empty where it is absent; answers how long that is. */
export const luaView: string = `
local function view(rows, key)
  rows[#rows + 1] = key
  local size = #key
  for at, value in ipairs(redis.call('HMGET', key, ${fields.map((field) => `'${field}'`).join(", ")})) do
    rows[#rows + 1] = value or ''
    size = size + #(value or '')
  end
  return size
end
`;

/** The twin of {@link luaView}. */
export function viewOf(call: RedisCall, key: string): readonly string[] {
  return [key, ...textsIn(call("HMGET", key, ...fields))];
}
