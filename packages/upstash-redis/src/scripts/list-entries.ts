/**
 * Reads a page of all entries of a schedule, by name.
 *
 * KEYS as in schedule-rows.ts. ARGV where the page begins, as ZRANGEBYLEX has it, and most entries, -1 for all. Answers the
 * clock, and rows.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { textsIn } from "./reply.ts";
import { luaRows, rowsOf } from "./schedule-rows.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaRows}
return { now, rowsOf(redis.call('ZRANGEBYLEX', KEYS[4], ARGV[1], '+', 'LIMIT', 0, ARGV[2])) }
`;

/** The step. */
export const listEntries: Step = { name: "listEntries", lua };

/** The twin of {@link listEntries}. */
export const listEntriesTwin: Twin = (call, keys, [first = "", limit = ""]) => {
  const [, , , names = ""] = keys;
  const page = call("ZRANGEBYLEX", names, first, "+", "LIMIT", 0, limit);
  return [clock(call), rowsOf(call, keys, textsIn(page))];
};
