/**
 * Stores how an attempt ended and what follows, once (delivery.md 8).
 *
 * KEYS record, result; unless in a cluster: what is held; with events: events, told. ARGV retries, generation, epoch, state,
 * effects, retention, result or '', its time or '', the group's channel or '', followers or ''; with events: most that are kept, then channels and
 * texts in turn.
 * Answers whether the fence is current, and the effects that are stored, '' when none are.
 *
 * @module
 */

import { luaAside } from "./aside.ts";
import { letGo, luaLetGo } from "./held.ts";
import { keep, luaKeep } from "./keep.ts";
import { isCurrent, keepFollowers, luaFence, luaFollowers, luaRecord, readRecord } from "./record.ts";
import { luaShow, show } from "./show.ts";
import type { Step, Twin } from "./step.ts";
import { luaTell, tell, tellingOf } from "./tell.ts";

const lua = `
local events, told, kept = KEYS[4], KEYS[5], ARGV[11]
${luaRecord}${luaFollowers}${luaAside}${luaFence}${luaKeep}${luaShow}${luaTell}
keep(KEYS[1], ARGV[6])
if not current then return { 0, record.effects } end
if record.state ~= '' then return { 1, record.effects } end
redis.call('HSET', KEYS[1], 'state', ARGV[4], 'effects', ARGV[5])
if not isKnown(ARGV[10]) then redis.call('HSET', KEYS[1], 'followers', record.followers .. ARGV[10] .. ' ') end
show(KEYS[2], ARGV[7], ARGV[8], ARGV[9])
${luaLetGo}
tell(12, #ARGV)
return { 1, ARGV[5] }
`;

/** The step. */
export const finish: Step = { name: "finish", lua };

/** The twin of {@link finish}. */
export const finishTwin: Twin = (call, keys, args) => {
  const [key = "", result = ""] = keys;
  const record = readRecord(call, key);
  const [state = "", effects = "", retention = "", text = "", milliseconds = "", group, ...more] = args.slice(3);
  const [followers, kept, ...letters] = more;
  keep(call, key, retention);
  if (!isCurrent(record, args)) return [0, record.effects];
  if (record.state !== "") return [1, record.effects];
  call("HSET", key, "state", state, "effects", effects);
  keepFollowers(call, key, { record, followers });
  show(call, result, { text, milliseconds, group });
  letGo(call, keys);
  tell(tellingOf(call, keys, kept), letters);
  return [1, effects];
};
