/**
 * Looks after what is kept for people who watch. Nobody's task depends on it: where a key of it holds something that is not ours,
 * the step goes on without. Whoever looks at that key is told.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";

/** Lua: `aside(command, ...)`: as `redis.call`, but false where Redis refuses. */
export const luaAside = `
local function aside(...)
  local reply = redis.pcall(...)
  if type(reply) == 'table' and reply.err then return false end
  return reply
end
`;

/** The twin of {@link luaAside}: runs commands, and answers null where one is refused. */
export function aside(call: RedisCall): RedisCall {
  return (command, ...args) => {
    try {
      return call(command, ...args);
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  };
}

/** Whether it is about what a key holds: whatever is wrong with the engine is not to be passed over. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^(?:WRONGTYPE|ERR) /.test(error.message);
}
