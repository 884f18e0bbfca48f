/**
 * Reads a page of the tasks that are held under a live lease, by the lease's end.
 *
 * KEYS what is held. ARGV where the page before has ended, a score and a member, both empty for the first, and most tasks.
 * Answers rows as show-records.ts has them, and where this one ends: a score, a space and a member, '' at the end of all.
 *
 * @module
 */

import { luaAside } from "./aside.ts";
import { clock, luaClock } from "./clock.ts";
import { dropEnded, luaDropEnded } from "./drop-ended.ts";
import { bytesOf, longestPage } from "./longest-page.ts";
import { luaPlace, placesBehind } from "./place.ts";
import type { Step, Twin } from "./step.ts";
import { luaView, viewOf } from "./view.ts";

const lua = `${luaClock}${luaAside}${luaDropEnded}${luaPlace}${luaView}
local most = tonumber(ARGV[3])
dropEnded(KEYS[1])
local held = placesBehind(KEYS[1], ARGV[1], ARGV[2], most)
local rows, size = {}, 0
for at = 1, #held, 2 do
  if at > 2 * most or size >= ${longestPage} then return { rows, held[at - 1] .. ' ' .. held[at - 2] } end
  size = size + view(rows, held[at])
end
return { rows, '' }
`;

/** The step. */
export const listActive: Step = { name: "listActive", lua };

/** The twin of {@link listActive}. */
export const listActiveTwin: Twin = (call, [key = ""], [score = "", last = "", most = ""]) => {
  const now = clock(call);
  dropEnded(call, key, now);
  const held = placesBehind(call, { key, score, last, now }, Number(most));
  const rows: string[] = [];
  let size = 0;
  for (const [at, { member }] of held.entries()) {
    if (at === Number(most) || size >= longestPage) return [rows, held[at - 1]?.place ?? ""];
    const view = viewOf(call, member);
    rows.push(...view);
    size += bytesOf(view.join(""));
  }
  return [rows, ""];
};
