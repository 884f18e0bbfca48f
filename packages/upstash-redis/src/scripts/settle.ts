/**
 * Ends a task that is not to run, unless it has ended; a live holder is fenced off (delivery.md 14).
 *
 * KEYS record, result; unless in a cluster: what is held. ARGV state, retention, result or '', its time or '', the group's channel or '', canvas or ''. Answers 1 when the state is stored.
 *
 * @module
 */

import { isTerminal, type RedisCall } from "@umbel/protocol";
import { luaAside } from "./aside.ts";
import { letGo, luaLetGo } from "./held.ts";
import { keep, luaKeep } from "./keep.ts";
import { luaRecord, readRecord, type TaskRecord } from "./record.ts";
import { luaShow, show } from "./show.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaRecord}${luaAside}${luaKeep}${luaShow}
local waits = record.state == 'RETRY' or record.state == 'REJECTED' or record.state == 'REPLACED'
local terminal = record.state ~= '' and not waits
if not terminal then
  redis.call('HSET', KEYS[1], 'state', ARGV[1], 'effects', '[]')
  if ARGV[6] ~= '' then redis.call('HSET', KEYS[1], 'canvases', ARGV[6] .. ' ')
  elseif record.canvases ~= '' then redis.call('HDEL', KEYS[1], 'canvases') end
  if record.token ~= '' then redis.call('HINCRBY', KEYS[1], 'epoch', 1) end
end
keep(KEYS[1], ARGV[2])
if terminal then return 0 end
show(KEYS[2], ARGV[3], ARGV[4], ARGV[5])
${luaLetGo}
return 1
`;

/** The step. */
export const settle: Step = { name: "settle", lua };

/** The twin of {@link settle}. */
export const settleTwin: Twin = (
  call,
  keys,
  [state = "", retention = "", text = "", milliseconds = "", group, canvas = ""],
) => {
  const [key = "", result = ""] = keys;
  const record = readRecord(call, key);
  const terminal = isTerminal(record.state);
  if (!terminal) end(call, key, { record, state, canvas });
  keep(call, key, retention);
  if (terminal) return 0;
  show(call, result, { text, milliseconds, group });
  letGo(call, keys);
  return 1;
};

/** Whoever has had attempts at it in another canvas has told nobody of this end. */
function end(
  call: RedisCall,
  key: string,
  { record, state, canvas }: { readonly record: TaskRecord; readonly state: string; readonly canvas: string },
): void {
  call("HSET", key, "state", state, "effects", "[]");
  if (canvas !== "") call("HSET", key, "canvases", `${canvas} `);
  else if (record.canvases !== "") call("HDEL", key, "canvases");
  if (record.token !== "") call("HINCRBY", key, "epoch", 1);
}
