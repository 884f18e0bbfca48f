/**
 * Finds what is to be looked at in a schedule.
 *
 * KEYS as in schedule-rows.ts. ARGV milliseconds ahead of the clock, most entries. Answers the clock, the plan, and rows: the
 * earliest first, and by name those of one instant, as Redis orders members of one score.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { textsIn } from "./reply.ts";
import { luaRows, rowsOf } from "./schedule-rows.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaRows}
local latest = string.format('%.0f', now + ARGV[1])
local names = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', latest, 'LIMIT', 0, ARGV[2])
return { now, redis.call('GET', KEYS[5]), rowsOf(names) }
`;

/** The step. */
export const dueEntries: Step = { name: "dueEntries", lua };

/** The twin of {@link dueEntries}. */
export const dueEntriesTwin: Twin = (call, keys, [ahead = "", limit = ""]) => {
  const [, , due = "", , plan = ""] = keys;
  const now = clock(call);
  const names = call("ZRANGEBYSCORE", due, "-inf", now + Number(ahead), "LIMIT", 0, limit);
  return [now, call("GET", plan), rowsOf(call, keys, textsIn(names))];
};
