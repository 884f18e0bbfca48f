/**
 * Marks a task, so that whoever claims it next revokes it (delivery.md 16). That it shall be terminated is not taken back.
 *
 * KEYS record. ARGV terminate 1 or 0, retention. Answers 1.
 *
 * @module
 */

import { keep, luaKeep } from "./keep.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaKeep}
if ARGV[1] == '1' then
  redis.call('HSET', KEYS[1], 'mark', 'terminated')
else
  redis.call('HSETNX', KEYS[1], 'mark', 'revoked')
end
keep(KEYS[1], ARGV[2])
return 1
`;

/** The step. */
export const revoke: Step = { name: "revoke", lua };

/** The twin of {@link revoke}. */
export const revokeTwin: Twin = (call, [key = ""], [terminate, retention = ""]) => {
  if (terminate === "1") call("HSET", key, "mark", "terminated");
  else call("HSETNX", key, "mark", "revoked");
  keep(call, key, retention);
  return 1;
};
