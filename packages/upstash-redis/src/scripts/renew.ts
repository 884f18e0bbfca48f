/**
 * Keeps a lease alive, and tells the holder what an operator wants (delivery.md 6).
 *
 * KEYS record. ARGV retries, generation, epoch, lease, retention. Answers whether it is held, and the mark.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { keep, luaKeep } from "./keep.ts";
import { isCurrent, luaFence, luaRecord, readRecord } from "./record.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaRecord}${luaFence}${luaKeep}
keep(KEYS[1], ARGV[5])
if not current or record.state ~= '' then return { 0, record.mark } end
redis.call('HSET', KEYS[1], 'lease', now + ARGV[4])
return { 1, record.mark }
`;

/** The step. */
export const renew: Step = { name: "renew", lua };

/** The twin of {@link renew}. */
export const renewTwin: Twin = (call, [key = ""], args) => {
  const now = clock(call);
  const record = readRecord(call, key);
  const [lease = "", retention = ""] = args.slice(3);
  keep(call, key, retention);
  if (!isCurrent(record, args) || record.state !== "") return [0, record.mark];
  call("HSET", key, "lease", now + Number(lease));
  return [1, record.mark];
};
