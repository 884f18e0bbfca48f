/**
 * Tells whoever watches: now, and whoever comes later.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { aside } from "./aside.ts";

/**
 * Lua: `tell(first, last)`: what ARGV has there, channels and texts in turn. A script says before where `events` and `told` are
 * kept (in a cluster nowhere), and how many. With `aside`.
 */
export const luaTell = `
local function tell(first, last)
  local count = 0
  for at = first, last, 2 do
    local channel, text = ARGV[at], ARGV[at + 1]
    if channel ~= '' then
      redis.call('PUBLISH', channel, text)
      if events and aside('XADD', events, 'MAXLEN', '~', kept, '*', 'event', text) then count = count + 1 end
    end
  end
  if count > 0 then aside('INCRBY', told, count) end
end
`;

/** Where it is kept. */
export interface Telling {
  readonly call: RedisCall;
  /** Keys of the stream and of the count; undefined in a cluster. */
  readonly events: string | undefined;
  readonly told: string | undefined;
  /** Most events, roughly. */
  readonly kept: string | undefined;
}

/** With the keys that claims, renewals and ends have in common. */
export function tellingOf(call: RedisCall, [, , , events, told]: readonly string[], kept: string | undefined): Telling {
  return { call, events, told, kept };
}

/** The twin of {@link luaTell}: channels and texts in turn; an empty channel stands for a letter that there is not. */
export function tell(telling: Telling, letters: readonly string[]): void {
  const { call, told } = telling;
  let count = 0;
  for (let at = 0; at < letters.length; at += 2) {
    const [channel = "", text = ""] = letters.slice(at, at + 2);
    if (channel === "") continue;
    call("PUBLISH", channel, text);
    if (keepEvent(telling, text)) count += 1;
  }
  if (told !== undefined && count > 0) aside(call)("INCRBY", told, count);
}

/** Whether it is kept. */
function keepEvent({ call, events, kept = "" }: Telling, text: string): boolean {
  if (events === undefined) return false;
  return aside(call)("XADD", events, "MAXLEN", "~", kept, "*", "event", text) !== null;
}
