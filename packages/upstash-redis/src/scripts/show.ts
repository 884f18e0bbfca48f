/**
 * Writes a result for readers, in Celery's way: the value, and the same as a message to whoever waits for it.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";

/** Lua: `show(key, text, milliseconds, group)`. No text: nothing; no milliseconds: for ever; no group: told to no other channel. */
export const luaShow = `
local function show(key, text, milliseconds, group)
  if text == '' then return end
  if milliseconds == '' then
    redis.call('SET', key, text)
  else
    redis.call('SET', key, text, 'PX', milliseconds)
  end
  redis.call('PUBLISH', key, text)
  if group and group ~= '' then redis.call('PUBLISH', group, text) end
end
`;

/** What is shown, for how long, and the channel of the group that is told as well. */
interface Shown {
  readonly text: string;
  readonly milliseconds: string;
  readonly group?: string | undefined;
}

/** The twin of {@link luaShow}. */
export function show(call: RedisCall, key: string, { text, milliseconds, group = "" }: Shown): void {
  if (text === "") return;
  if (milliseconds === "") call("SET", key, text);
  else call("SET", key, text, "PX", milliseconds);
  call("PUBLISH", key, text);
  if (group !== "") call("PUBLISH", group, text);
}
