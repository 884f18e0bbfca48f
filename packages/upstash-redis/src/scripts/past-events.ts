/**
 * Reads events of the recent past, from one end or the other.
 *
 * KEYS events. ARGV where they begin, as XRANGE has it, most of them, and 1 for the newest of them, else 0. Answers places and
 * texts in turn, the newest first where these were asked for, and 1 when there are more.
 *
 * @module
 */

import { bytesOf, longestPage } from "./longest-page.ts";
import { listIn } from "./reply.ts";
import type { Step, Twin } from "./step.ts";

const lua = `
local most, events = tonumber(ARGV[2])
if ARGV[3] == '1' then
  events = redis.call('XREVRANGE', KEYS[1], '+', ARGV[1], 'COUNT', most + 1)
else
  events = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', most + 1)
end
local rows, size = {}, 0
for at, event in ipairs(events) do
  if at > most or size >= ${longestPage} then return { rows, 1 } end
  rows[#rows + 1] = event[1]
  rows[#rows + 1] = event[2][2]
  size = size + #event[2][2]
end
return { rows, 0 }
`;

/** The step. */
export const pastEvents: Step = { name: "pastEvents", lua };

/** The twin of {@link pastEvents}. */
export const pastEventsTwin: Twin = (call, [key = ""], [start = "", most = "", newest]) => {
  const rows: string[] = [];
  let size = 0;
  const count = ["COUNT", Number(most) + 1];
  const reply =
    newest === "1" ? call("XREVRANGE", key, "+", start, ...count) : call("XRANGE", key, start, "+", ...count);
  for (const event of listIn(reply)) {
    if (rows.length === Number(most) * 2 || size >= longestPage) return [rows, 1];
    const [id = "", fields = null] = listIn(event);
    const text = String(listIn(fields)[1]);
    rows.push(String(id), text);
    size += bytesOf(text);
  }
  return [rows, 0];
};
