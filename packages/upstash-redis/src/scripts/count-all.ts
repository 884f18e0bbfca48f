/**
 * Counts what operators look at.
 *
 * KEYS workers, what is held, what was revoked, told. Answers how many of each, and how many events were ever kept.
 *
 * @module
 */

import { luaAside } from "./aside.ts";
import { clock, luaClock } from "./clock.ts";
import { dropUnmarked, luaDropUnmarked } from "./drop-unmarked.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaAside}${luaDropUnmarked}
dropUnmarked(KEYS[3])
local counts = {}
for at = 1, 3 do counts[at] = redis.call('ZCOUNT', KEYS[at], '(' .. now, '+inf') end
counts[4] = tonumber(redis.call('GET', KEYS[4]) or 0) or 0
return counts
`;

/** The step. */
export const countAll: Step = { name: "countAll", lua };

/** The twin of {@link countAll}. */
export const countAllTwin: Twin = (call, keys) => {
  const now = clock(call);
  const [, , revoked = "", told = ""] = keys;
  dropUnmarked(call, revoked, now);
  const counts = keys.slice(0, 3).map((key) => call("ZCOUNT", key, `(${now}`, "+inf"));
  return [...counts, Number(call("GET", told)) || 0];
};
