/**
 * Finds what is to be looked at in a schedule.
 *
 * KEYS as in schedule-rows.ts. ARGV milliseconds ahead of the clock, most entries, and how many of the first are left out. Answers
 * the clock, the plan, rows, and 1 when there is more: the earliest first, and by name those of one instant, as Redis orders
 * members of one score.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { textsIn } from "./reply.ts";
import { luaRows, oneMore, pageOf } from "./schedule-rows.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaRows}
local latest = string.format('%.0f', now + ARGV[1])
local names = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', latest, 'LIMIT', ARGV[3] or 0, oneMore(ARGV[2]))
local rows, more = pageOf(names, ARGV[2])
return { now, redis.call('GET', KEYS[5]), rows, more }
`;

/** The step. */
export const dueEntries: Step = { name: "dueEntries", lua };

/** The twin of {@link dueEntries}. */
export const dueEntriesTwin: Twin = (call, keys, [ahead = "", most = "", skip = "0"]) => {
  const [, , due = "", , plan = ""] = keys;
  const now = clock(call);
  const names = call("ZRANGEBYSCORE", due, "-inf", now + Number(ahead), "LIMIT", skip, oneMore(most));
  return [now, call("GET", plan), ...pageOf(call, keys, { names: textsIn(names), most })];
};
