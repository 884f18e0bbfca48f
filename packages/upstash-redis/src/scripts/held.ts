/**
 * What is held under a lease, by its end: nowhere in a cluster.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { aside } from "./aside.ts";

/** Lua: the lease of the record in KEYS[1] ends so many milliseconds after `now`; KEYS[3] is where that is kept. With `aside`. */
export const luaHeld = `
local function held(lease)
  if KEYS[3] then aside('ZADD', KEYS[3], now + lease, KEYS[1]) end
end
`;

/** Lua: nobody holds it any more. With `aside`. */
export const luaLetGo = `
if KEYS[3] then aside('ZREM', KEYS[3], KEYS[1]) end
`;

/** The twin of {@link luaHeld}. */
export function held(call: RedisCall, [record = "", , active]: readonly string[], until: number): void {
  if (active !== undefined) aside(call)("ZADD", active, until, record);
}

/** The twin of {@link luaLetGo}. */
export function letGo(call: RedisCall, [record = "", , active]: readonly string[]): void {
  if (active !== undefined) aside(call)("ZREM", active, record);
}
