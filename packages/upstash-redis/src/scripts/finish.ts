/**
 * Stores how an attempt ended and what follows, once (delivery.md 8).
 *
 * KEYS record, result. ARGV retries, generation, epoch, state, effects, retention, result or '', its time or '', the group's
 * channel or ''.
 * Answers whether the fence is current, and the effects that are stored, '' when none are.
 *
 * @module
 */

import { keep, luaKeep } from "./keep.ts";
import { isCurrent, luaFence, luaRecord, readRecord } from "./record.ts";
import { luaShow, show } from "./show.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaRecord}${luaFence}${luaKeep}${luaShow}
keep(KEYS[1], ARGV[6])
if not current then return { 0, record.effects } end
if record.state ~= '' then return { 1, record.effects } end
redis.call('HSET', KEYS[1], 'state', ARGV[4], 'effects', ARGV[5])
show(KEYS[2], ARGV[7], ARGV[8], ARGV[9])
return { 1, ARGV[5] }
`;

/** The step. */
export const finish: Step = { name: "finish", lua };

/** The twin of {@link finish}. */
export const finishTwin: Twin = (call, [key = "", result = ""], args) => {
  const record = readRecord(call, key);
  const [state = "", effects = "", retention = "", text = "", milliseconds = "", group] = args.slice(3);
  keep(call, key, retention);
  if (!isCurrent(record, args)) return [0, record.effects];
  if (record.state !== "") return [1, record.effects];
  call("HSET", key, "state", state, "effects", effects);
  show(call, result, { text, milliseconds, group });
  return [1, effects];
};
