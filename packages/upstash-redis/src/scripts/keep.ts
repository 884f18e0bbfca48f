/**
 * For how long the store keeps what the scripts write (delivery.md 19).
 *
 * Each touch says how long it needs a key, and none of them knows what the others need: a delivery that comes twice asks
 * for less than a retry that is due in a week. So a touch makes a life longer, never shorter.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";

/** Lua: `keep(key, milliseconds)`: at least so long from now on. */
export const luaKeep = `
local function keep(key, milliseconds)
  if redis.call('PTTL', key) < tonumber(milliseconds) then redis.call('PEXPIRE', key, milliseconds) end
end
`;

/** The twin of {@link luaKeep}. */
export function keep(call: RedisCall, key: string, milliseconds: string): void {
  if (Number(call("PTTL", key)) < Number(milliseconds)) call("PEXPIRE", key, milliseconds);
}
