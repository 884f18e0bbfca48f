/**
 * Changes what operators want of all workers, if nobody else has since it was read.
 *
 * KEYS directives. ARGV the revision that was read or '', the new one, the text, and fields for what is refused. Answers 1 when
 * these are the directives now, also when an earlier call has made them so.
 *
 * @module
 */

import type { Step, Twin } from "./step.ts";

const lua = `
local revision = redis.call('HGET', KEYS[1], 'revision') or ''
if revision == ARGV[2] then return 1 end
if revision ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'revision', ARGV[2], 'text', ARGV[3])
for at = 4, #ARGV do redis.call('HSET', KEYS[1], ARGV[at], 1) end
return 1
`;

/** The step. */
export const direct: Step = { name: "direct", lua };

/** The twin of {@link direct}. */
export const directTwin: Twin = (call, [key = ""], [from = "", to = "", text = "", ...refused]) => {
  const revision = String(call("HGET", key, "revision") ?? "");
  if (revision === to) return 1;
  if (revision !== from) return 0;
  call("DEL", key);
  call("HSET", key, "revision", to, "text", text);
  for (const field of refused) call("HSET", key, field, 1);
  return 1;
};
