/**
 * Reads a page of all entries of a schedule, by name.
 *
 * KEYS as in schedule-rows.ts. ARGV where the page begins, as ZRANGEBYLEX has it, and most entries, -1 for all. Answers the
 * clock, rows, and 1 when there is more.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { textsIn } from "./reply.ts";
import { luaRows, oneMore, pageOf } from "./schedule-rows.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaRows}
local names = redis.call('ZRANGEBYLEX', KEYS[4], ARGV[1], '+', 'LIMIT', 0, oneMore(ARGV[2]))
local rows, more = pageOf(names, ARGV[2])
return { now, rows, more }
`;

/** The step. */
export const listEntries: Step = { name: "listEntries", lua };

/** The twin of {@link listEntries}. */
export const listEntriesTwin: Twin = (call, keys, [first = "", most = ""]) => {
  const [, , , all = ""] = keys;
  const names = call("ZRANGEBYLEX", all, first, "+", "LIMIT", 0, oneMore(most));
  return [clock(call), ...pageOf(call, keys, { names: textsIn(names), most })];
};
