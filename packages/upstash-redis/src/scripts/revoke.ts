/**
 * Marks a task, so that whoever claims it next revokes it (delivery.md 16). That it shall be terminated is not taken back.
 *
 * KEYS record; unless in a cluster: what was revoked, by when its mark ends. ARGV terminate 1 or 0, retention. Answers 1.
 *
 * @module
 */

import { aside, luaAside } from "./aside.ts";
import { clock, luaClock } from "./clock.ts";
import { dropUnmarked, luaDropUnmarked } from "./drop-unmarked.ts";
import { keep, luaKeep } from "./keep.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaKeep}${luaAside}${luaDropUnmarked}
if ARGV[1] == '1' then
  redis.call('HSET', KEYS[1], 'mark', 'terminated')
else
  redis.call('HSETNX', KEYS[1], 'mark', 'revoked')
end
keep(KEYS[1], ARGV[2])
if KEYS[2] then
  dropUnmarked(KEYS[2])
  aside('ZADD', KEYS[2], now + redis.call('PTTL', KEYS[1]), KEYS[1])
end
return 1
`;

/** The step. */
export const revoke: Step = { name: "revoke", lua };

/** The twin of {@link revoke}. */
export const revokeTwin: Twin = (call, [key = "", revoked], [terminate, retention = ""]) => {
  if (terminate === "1") call("HSET", key, "mark", "terminated");
  else call("HSETNX", key, "mark", "revoked");
  keep(call, key, retention);
  if (revoked === undefined) return 1;
  const now = clock(call);
  dropUnmarked(call, revoked, now);
  aside(call)("ZADD", revoked, now + Number(call("PTTL", key)), key);
  return 1;
};
