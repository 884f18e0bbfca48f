/**
 * Counts a member of a chord; its first part stays (delivery.md 13).
 *
 * KEYS chord. ARGV member, part, size, retention. Answers how many members have ended, and once it is `size` a list of all parts.
 *
 * @module
 */

import { keep, luaKeep } from "./keep.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaKeep}
redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
keep(KEYS[1], ARGV[4])
local ended = redis.call('HLEN', KEYS[1])
if ended < tonumber(ARGV[3]) then return { ended } end
return { ended, redis.call('HVALS', KEYS[1]) }
`;

/** The step. */
export const join: Step = { name: "join", lua };

/** The twin of {@link join}. */
export const joinTwin: Twin = (call, [key = ""], [member = "", part = "", size = "", retention = ""]) => {
  call("HSETNX", key, member, part);
  keep(call, key, retention);
  const ended = Number(call("HLEN", key));
  if (ended < Number(size)) return [ended];
  return [ended, call("HVALS", key)];
};
