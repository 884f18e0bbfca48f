/**
 * Counts a member of a chord; its first part stays (delivery.md 13), but for that of one that was added under the id of a
 * member of the header, which counts as that.
 *
 * KEYS chord. ARGV member, part, size, retention, 1 when the member was added, how many it has added itself, and their ids.
 * Answers how many members have ended, and once all have, a list of their parts.
 *
 * The hash has a field for each member that has ended, and an empty one for each that was added and has not. How many were
 * added, and how many of them are still open, is in the field without a name, which no member has; none were where there is no
 * such field. The part of one that was added has a space before it.
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
local isAdded = ARGV[5] == '1'
local wasAdded = known and (known == '' or string.sub(known, 1, 1) == ' ')
if not known or known == '' or wasAdded and not isAdded then
  redis.call('HSET', key, member, isAdded and ' ' .. part or part)
end
if known == '' then open = open - 1 end
if isAdded and not known then added = added + 1 end
if wasAdded and not isAdded then added = added - 1 end
for at = 7, 6 + ARGV[6] do
  local new = redis.call('HSETNX', key, ARGV[at], '')
  added, open = added + new, open + new
end
if added ~= before[1] or open ~= before[2] then
  if added == 0 then
    redis.call('HDEL', key, '')
  else
    redis.call('HSET', key, '', string.format('%d %d', added, open))
  end
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
  const mine = changeBy(own, known);
  if (mine.isKept) call("HSET", key, own.member, own.isAdded ? ` ${own.part}` : own.part);
  const opened = adds.reduce((sum, id) => sum + Number(call("HSETNX", key, id, "")), 0);
  const [added, open] = [before.added + mine.added + opened, before.open + mine.open + opened];
  if (added !== before.added || open !== before.open) writeCounts(call, key, { added, open });
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

function writeCounts(call: RedisCall, key: string, { added, open }: Counts): void {
  if (added === 0) call("HDEL", key, "");
  else call("HSET", key, "", `${added} ${open}`);
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

interface Change extends Counts {
  /** Whether this part is the one that stays. */
  readonly isKept: boolean;
}

/** By how much the end of a member changes the counts; `known` is what its field had. */
function changeBy({ isAdded }: Ended, known: RedisReply): Change {
  if (known === null) return { added: isAdded ? 1 : 0, open: 0, isKept: true };
  const isOpen = known === "";
  const isOfHeader = !isAdded && (isOpen || String(known).startsWith(" "));
  return { added: isOfHeader ? -1 : 0, open: isOpen ? -1 : 0, isKept: isOpen || isOfHeader };
}

function partsIn(call: RedisCall, key: string): RedisReply {
  const all = textsIn(call("HGETALL", key));
  return all.filter((text, at) => at % 2 === 1 && all[at - 1] !== "" && text !== "");
}
