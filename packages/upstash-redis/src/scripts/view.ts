/**
 * What operators see of a task's record.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { aside } from "./aside.ts";
import { textsIn } from "./reply.ts";

const fields = ["attempt", "lease", "state", "mark", "about"] as const;

/** How many words {@link viewOf} has of a record. */
export const wordsOfView = 6;

/** Lua: `view(rows, key)` adds the key and what is seen of it, empty where it is absent; answers how long that is. With `aside`. */
export const luaView: string = `
local function view(rows, key)
  rows[#rows + 1] = key
  local size = #key
  local values = aside('HMGET', key, ${fields.map((field) => `'${field}'`).join(", ")}) or {}
  for at = 1, ${fields.length} do
    local value = values[at] or ''
    rows[#rows + 1] = value
    size = size + #value
  end
  return size
end
`;

/** The twin of {@link luaView}. */
export function viewOf(call: RedisCall, key: string): readonly string[] {
  const values = textsIn(aside(call)("HMGET", key, ...fields));
  return [key, ...fields.map((_field, at) => values[at] ?? "")];
}
