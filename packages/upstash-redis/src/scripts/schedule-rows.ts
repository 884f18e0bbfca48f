/**
 * How the entries of a schedule are kept, and read.
 *
 * Every script on them has the same KEYS, all in one slot: versions by name, texts by name, the names by when they are due
 * (those that are at all), all names in order, and the plan. Versions and texts are taken as they come and never decoded.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { textsIn } from "./reply.ts";

/** Lua: `rowsOf(names)`: name, version, text and next (empty when it has none) of those that are there, one after another. */
export const luaRows = `
local function rowsOf(names)
  local rows = {}
  for _, name in ipairs(names) do
    local version = redis.call('HGET', KEYS[1], name)
    if version then
      rows[#rows + 1] = name
      rows[#rows + 1] = version
      rows[#rows + 1] = redis.call('HGET', KEYS[2], name)
      rows[#rows + 1] = redis.call('ZSCORE', KEYS[3], name) or ''
    end
  end
  return rows
end
`;

/** The twin of {@link luaRows}. */
export function rowsOf(call: RedisCall, keys: readonly string[], names: readonly string[]): readonly string[] {
  const [versions = "", texts = "", due = ""] = keys;
  return names.flatMap((name) => {
    const version = call("HGET", versions, name);
    return version === null ? [] : [name, ...textsIn([version, call("HGET", texts, name), call("ZSCORE", due, name)])];
  });
}
