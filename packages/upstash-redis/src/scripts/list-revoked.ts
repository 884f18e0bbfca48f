/**
 * Reads a page of the tasks that were revoked and whose mark still stands, by its end.
 *
 * KEYS what was revoked. ARGV where the page before has ended, a score and a member, both empty for the first, and most tasks.
 * Answers keys of records and scores in turn, and 1 when there are more.
 *
 * @module
 */

import { luaAside } from "./aside.ts";
import { clock, luaClock } from "./clock.ts";
import { dropUnmarked, luaDropUnmarked } from "./drop-unmarked.ts";
import { luaPlace, placesBehind } from "./place.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaAside}${luaDropUnmarked}${luaPlace}
dropUnmarked(KEYS[1])
local rows = placesBehind(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
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
  const found = placesBehind(call, { key, score, last, now }, Number(most));
  const page = found.slice(0, Number(most));
  return [page.flatMap((each) => [each.member, each.score]), page.length < found.length ? 1 : 0];
};
