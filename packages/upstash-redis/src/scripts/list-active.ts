/**
 * Reads a page of the tasks that are held under a live lease, by the lease's end.
 *
 * KEYS what is held. ARGV where the page before has ended, a score and a member, both empty for the first, and most tasks.
 * Answers rows as show-records.ts has them, and 1 when there are more.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { dropEnded, luaDropEnded } from "./drop-ended.ts";
import { bytesOf, longestPage } from "./longest-page.ts";
import { luaPlace, rankBehind } from "./place.ts";
import { textsIn } from "./reply.ts";
import type { Step, Twin } from "./step.ts";
import { luaView, viewOf, wordsOfView } from "./view.ts";

const lua = `${luaClock}${luaDropEnded}${luaPlace}${luaView}
local most = tonumber(ARGV[3])
dropEnded(KEYS[1])
local first = rankBehind(KEYS[1], ARGV[1], ARGV[2])
local rows, size = {}, 0
for at, key in ipairs(redis.call('ZRANGE', KEYS[1], first, first + most)) do
  if at > most or size >= ${longestPage} then return { rows, 1 } end
  size = size + view(rows, key)
end
return { rows, 0 }
`;

/** The step. */
export const listActive: Step = { name: "listActive", lua };

/** The twin of {@link listActive}. */
export const listActiveTwin: Twin = (call, [key = ""], [score = "", last = "", most = ""]) => {
  const now = clock(call);
  dropEnded(call, key, now);
  const first = rankBehind(call, { key, score, last, now });
  const rows: string[] = [];
  let size = 0;
  for (const record of textsIn(call("ZRANGE", key, first, first + Number(most)))) {
    if (rows.length === Number(most) * wordsOfView || size >= longestPage) return [rows, 1];
    const view = viewOf(call, record);
    rows.push(...view);
    size += bytesOf(view.join(""));
  }
  return [rows, 0];
};
