/**
 * Writes a result for readers, in Celery's way: the value, and the same as a message to whoever waits for it.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";

/** Lua: `show(key, text, milliseconds)`. No text: nothing; no milliseconds: for ever. */
export const luaShow = `
local function show(key, text, milliseconds)
  if text == '' then return end
  if milliseconds == '' then
    redis.call('SET', key, text)
  else
    redis.call('SET', key, text, 'PX', milliseconds)
  end
  redis.call('PUBLISH', key, text)
end
`;

/** The twin of {@link luaShow}. */
export function show(
  call: RedisCall,
  key: string,
  { text, milliseconds }: { text: string; milliseconds: string },
): void {
  if (text === "") return;
  if (milliseconds === "") call("SET", key, text);
  else call("SET", key, text, "PX", milliseconds);
  call("PUBLISH", key, text);
}
