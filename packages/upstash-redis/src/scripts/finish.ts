/**
 * Stores how an attempt ended and what follows, once (delivery.md 8).
 *
 * KEYS record, result; unless in a cluster: what is held; with events: events, told. ARGV retries, generation, epoch, state,
 * effects, retention, result or '', its time or '', the group's channel or '', canvas or ''; with events: most that are kept, then channels and
 * texts in turn.
 * Answers whether the fence is current, and the effects that are stored, '' when none are; behind them ` untold` where what follows
 * is.
 *
 * @module
 */

import { luaAside } from "./aside.ts";
import { letGo, luaLetGo } from "./held.ts";
import { keep, luaKeep } from "./keep.ts";
import {
  isCurrent,
  isUntold,
  keepCanvas,
  luaFence,
  luaCanvases,
  luaRecord,
  readRecord,
  type TaskRecord,
} from "./record.ts";
import { luaShow, show } from "./show.ts";
import type { Step, Twin } from "./step.ts";
import { luaTell, tell, tellingOf } from "./tell.ts";

const lua = `
local events, told, kept = KEYS[4], KEYS[5], ARGV[11]
${luaRecord}${luaCanvases}${luaAside}${luaFence}${luaKeep}${luaShow}${luaTell}
keep(KEYS[1], ARGV[6])
if not current then return { 0, record.effects, untold(ARGV[10]) } end
if record.state ~= '' then return { 1, record.effects } end
redis.call('HSET', KEYS[1], 'state', ARGV[4], 'effects', ARGV[5])
if not isAmong(ARGV[10], record.canvases) then redis.call('HSET', KEYS[1], 'canvases', record.canvases .. ARGV[10] .. ' ') end
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
  const [canvas, kept, ...letters] = more;
  keep(call, key, retention);
  if (!isCurrent(record, args)) return overtaken(record, canvas);
  if (record.state !== "") return [1, record.effects];
  call("HSET", key, "state", state, "effects", effects);
  keepCanvas(call, key, { record, canvas });
  show(call, result, { text, milliseconds, group });
  letGo(call, keys);
  tell(tellingOf(call, keys, kept), letters);
  return [1, effects];
};

function overtaken(record: TaskRecord, canvas: string | undefined): readonly [0, string, string] {
  return [0, record.effects, isUntold(record, canvas) ? " untold" : ""];
}
