/**
 * Reads a page of the workers that are online, by until when they are.
 *
 * KEYS workers. ARGV where the page before has ended, a score and a member, both empty for the first, most workers, and what
 * stands before a name in the key of what a worker says, and in that of what it has begun. Answers name, until when it is online,
 * what it says, and tasks and counts in turn, of each; and where the page ends: a score, a space and a name, '' at the end of all.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { aside, luaAside } from "./aside.ts";
import { clock, luaClock } from "./clock.ts";
import { dropEnded, luaDropEnded } from "./drop-ended.ts";
import { bytesOf, longestPage } from "./longest-page.ts";
import { luaPlace, type PlacedMember, placesBehind } from "./place.ts";
import { textsIn } from "./reply.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaAside}${luaDropEnded}${luaPlace}
local most = tonumber(ARGV[3])
local function sizeOf(text, totals)
  local size = #text
  for _, word in ipairs(totals) do size = size + #word end
  return size
end

dropEnded(KEYS[1])
local seen = placesBehind(KEYS[1], ARGV[1], ARGV[2], most)
local rows, size = {}, 0
for at = 1, #seen, 2 do
  if at > 2 * most or size >= ${longestPage} then return { rows, seen[at - 1] .. ' ' .. seen[at - 2] } end
  local text = aside('GET', ARGV[4] .. seen[at])
  if text then
    local totals = aside('HGETALL', ARGV[5] .. seen[at]) or {}
    rows[#rows + 1] = { seen[at], seen[at + 1], text, totals }
    size = size + sizeOf(text, totals)
  end
end
return { rows, '' }
`;

/** The step. */
export const listWorkers: Step = { name: "listWorkers", lua };

/** The twin of {@link listWorkers}. What is said under a key that holds something else is left out, as if nothing were said. */
export const listWorkersTwin: Twin = (call, [key = ""], [score = "", last = "", most = "", ...beginnings]) => {
  const now = clock(call);
  dropEnded(call, key, now);
  const seen = placesBehind(call, { key, score, last, now }, Number(most));
  const rows: Row[] = [];
  let size = 0;
  for (const [at, worker] of seen.entries()) {
    if (at === Number(most) || size >= longestPage) return [rows, seen[at - 1]?.place ?? ""];
    const found = rowsOf(call, worker, beginnings);
    rows.push(...found);
    size += found.reduce((sum, [, , text, counts]) => sum + bytesOf(text + counts.join("")), 0);
  }
  return [rows, ""];
};

type Row = readonly [name: string, until: string, text: string, totals: readonly string[]];

function rowsOf(
  call: RedisCall,
  { member, score }: PlacedMember,
  [said = "", totals = ""]: readonly string[],
): readonly Row[] {
  const text = aside(call)("GET", `${said}${member}`);
  if (text === null) return [];
  return [[member, score, String(text), textsIn(aside(call)("HGETALL", `${totals}${member}`))]];
}
