/**
 * Counts a member of a chord; its first part stays (delivery.md 13).
 *
 * KEYS chord. ARGV member, part, size, retention, 1 when the member was added, how many it has added itself, and their ids.
 * Answers how many members have ended, and once all have, a list of their parts.
 *
 * The hash has a field for each member that has ended, and an empty one for each that was added and has not. How many were
 * added, and how many of them are still open, is in the field without a name, which no member has.
 *
 * @module
 */

import type { RedisCall, RedisReply } from "@umbel/protocol";
import { keep, luaKeep } from "./keep.ts";
import { listIn, textsIn } from "./reply.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaKeep}
local key, member, part, size = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local counts, known = unpack(redis.call('HMGET', key, '', member))
local added, open = 0, 0
if counts then
  added, open = string.match(counts, '(%d+) (%d+)')
  added, open = tonumber(added), tonumber(open)
end
local before = { added, open }
if not known then
  redis.call('HSET', key, member, part)
  if ARGV[5] == '1' then added = added + 1 end
elseif known == '' then
  redis.call('HSET', key, member, part)
  open = open - 1
end
for at = 7, 6 + ARGV[6] do
  local new = redis.call('HSETNX', key, ARGV[at], '')
  added, open = added + new, open + new
end
if added ~= before[1] or open ~= before[2] then
  redis.call('HSET', key, '', string.format('%d %d', added, open))
end
keep(key, ARGV[4])
local ended = redis.call('HLEN', key) - open
if added > 0 then ended = ended - 1 end
if ended < size + added then return { ended } end
if added == 0 then return { ended, redis.call('HVALS', key) } end
local all, parts = redis.call('HGETALL', key), {}
for at = 1, #all, 2 do
  if all[at] ~= '' and all[at + 1] ~= '' then parts[#parts + 1] = all[at + 1] end
end
return { ended, parts }
`;

/** The step. */
export const join: Step = { name: "join", lua };

/** The twin of {@link join}. */
export const joinTwin: Twin = (call, [key = ""], args) => {
  const { size, retention, adds, ...own } = requestIn(args);
  const [counts = null, known = null] = listIn(call("HMGET", key, "", own.member));
  const before = countsIn(counts);
  if (known === null || known === "") call("HSET", key, own.member, own.part);
  const mine = changeBy(own, known);
  const opened = adds.reduce((sum, id) => sum + Number(call("HSETNX", key, id, "")), 0);
  const [added, open] = [before.added + mine.added + opened, before.open + mine.open + opened];
  if (added !== before.added || open !== before.open) call("HSET", key, "", `${added} ${open}`);
  keep(call, key, retention);
  const ended = Number(call("HLEN", key)) - open - (added > 0 ? 1 : 0);
  return ended < size + added ? [ended] : [ended, partsIn(call, key)];
};

/** Members that were added, and those of them that have not ended. */
interface Counts {
  readonly added: number;
  readonly open: number;
}

function countsIn(counts: RedisReply): Counts {
  const [added = 0, open = 0] = counts === null ? [] : String(counts).split(" ").map(Number);
  return { added, open };
}

/** A member that has ended. */
interface Ended {
  readonly member: string;
  readonly part: string;
  readonly isAdded: boolean;
}

/** The arguments by name. */
interface Request extends Ended {
  readonly size: number;
  readonly retention: string;
  readonly adds: readonly string[];
}

function requestIn([member = "", part = "", size = "", retention = "", ...others]: readonly string[]): Request {
  const [isAdded, count, ...ids] = others;
  const adds = ids.slice(0, Number(count));
  return { member, part, size: Number(size), retention, isAdded: isAdded === "1", adds };
}

/** By how much the end of a member changes the counts; `known` is what its field had. */
function changeBy({ isAdded }: Ended, known: RedisReply): Counts {
  if (known === null) return { added: isAdded ? 1 : 0, open: 0 };
  return { added: 0, open: known === "" ? -1 : 0 };
}

function partsIn(call: RedisCall, key: string): RedisReply {
  const all = textsIn(call("HGETALL", key));
  return all.filter((text, at) => at % 2 === 1 && all[at - 1] !== "" && text !== "");
}
