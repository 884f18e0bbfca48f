/**
 * Keeps a lease alive, and tells the holder what an operator wants (delivery.md 6).
 *
 * KEYS record, result; unless in a cluster: what is held; with a sighting: events, told, workers, what the worker says, what it
 * has begun
 * ARGV retries, generation, epoch, lease, retention; with a sighting: most events that are kept, and it (sight.ts)
 * Answers whether it is held, and the mark.
 *
 * @module
 */

import { luaAside } from "./aside.ts";
import { clock, luaClock } from "./clock.ts";
import { held, luaHeld } from "./held.ts";
import { keep, luaKeep } from "./keep.ts";
import { isCurrent, luaFence, luaRecord, readRecord } from "./record.ts";
import { luaSight, sight } from "./sight.ts";
import type { Step, Twin } from "./step.ts";
import { tellingOf } from "./tell.ts";

const lua = `
local events, told, kept = KEYS[4], KEYS[5], ARGV[6]
${luaClock}${luaRecord}${luaAside}${luaFence}${luaKeep}${luaHeld}${luaSight}
sight(7)
keep(KEYS[1], ARGV[5])
if not current or record.state ~= '' then return { 0, record.mark } end
redis.call('HSET', KEYS[1], 'lease', now + ARGV[4])
if record.early == '' then held(ARGV[4]) end
return { 1, record.mark }
`;

/** The step. */
export const renew: Step = { name: "renew", lua };

/** The twin of {@link renew}. What has come too early is only sent on, and nothing that is worked at. */
export const renewTwin: Twin = (call, keys, args) => {
  const [key = ""] = keys;
  const now = clock(call);
  const record = readRecord(call, key);
  const [lease = "", retention = "", kept, ...seen] = args.slice(3);
  sight({ ...tellingOf(call, keys, kept), keys, now, again: false }, seen);
  keep(call, key, retention);
  if (!isCurrent(record, args) || record.state !== "") return [0, record.mark];
  call("HSET", key, "lease", now + Number(lease));
  if (record.early === "") held(call, keys, now + Number(lease));
  return [1, record.mark];
};
