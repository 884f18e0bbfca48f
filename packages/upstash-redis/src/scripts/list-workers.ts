/**
 * Reads the workers that are online.
 *
 * KEYS workers. ARGV what stands before a name in the key of what a worker says, and in that of what it has begun. Answers name,
 * until when it is online, what it says, and tasks and counts in turn, of each.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { dropEnded, luaDropEnded } from "./drop-ended.ts";
import { textsIn } from "./reply.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaDropEnded}
dropEnded(KEYS[1])
local rows = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')) do
  local ends, text = redis.call('ZSCORE', KEYS[1], name), redis.call('GET', ARGV[1] .. name)
  if text then rows[#rows + 1] = { name, ends, text, redis.call('HGETALL', ARGV[2] .. name) } end
end
return rows
`;

/** The step. */
export const listWorkers: Step = { name: "listWorkers", lua };

/** The twin of {@link listWorkers}. */
export const listWorkersTwin: Twin = (call, [key = ""], [said = "", totals = ""]) => {
  const now = clock(call);
  dropEnded(call, key, now);
  return textsIn(call("ZRANGEBYSCORE", key, `(${now}`, "+inf")).flatMap((name) => {
    const [until, text] = [call("ZSCORE", key, name), call("GET", `${said}${name}`)];
    return text === null ? [] : [[name, until, text, call("HGETALL", `${totals}${name}`)]];
  });
};
