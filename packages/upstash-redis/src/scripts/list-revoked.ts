/**
 * Reads a page of the tasks that were revoked and whose mark still stands, by its end.
 *
 * KEYS what was revoked. ARGV where the page before has ended, a score and a member, both empty for the first, and most tasks.
 * Answers keys of records and scores in turn, and 1 when there are more.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { dropUnmarked, luaDropUnmarked } from "./drop-unmarked.ts";
import { luaPlace, rankBehind } from "./place.ts";
import { textsIn } from "./reply.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaDropUnmarked}${luaPlace}
dropUnmarked(KEYS[1])
local first = rankBehind(KEYS[1], ARGV[1], ARGV[2])
local rows = redis.call('ZRANGE', KEYS[1], first, first + ARGV[3], 'WITHSCORES')
if #rows <= 2 * ARGV[3] then return { rows, 0 } end
table.remove(rows)
table.remove(rows)
return { rows, 1 }
`;

/** The step. */
export const listRevoked: Step = { name: "listRevoked", lua };

/** The twin of {@link listRevoked}. */
export const listRevokedTwin: Twin = (call, [key = ""], [score = "", last = "", most = ""]) => {
  const now = clock(call);
  dropUnmarked(call, key, now);
  const first = rankBehind(call, { key, score, last, now });
  const rows = textsIn(call("ZRANGE", key, first, first + Number(most), "WITHSCORES"));
  const page = rows.slice(0, 2 * Number(most));
  return [page, page.length < rows.length ? 1 : 0];
};
