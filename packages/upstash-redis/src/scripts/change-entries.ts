/**
 * Changes entries of a schedule, each if nobody else has done so since it was read.
 *
 * KEYS as in schedule-rows.ts. ARGV the plan, then for each change: name, the version that was read, the new one, next, text.
 * What there is not is empty; what there is begins with `=` where it may be empty itself. Answers the clock, and 1 or 0 for
 * each change: a repeated one finds the version that it has brought, or nothing where it has removed, and is 1 again.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
import { clock, luaClock } from "./clock.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}
if ARGV[1] ~= '' then redis.call('SET', KEYS[5], string.sub(ARGV[1], 2)) end

local function write(name, version, next, text)
  if version == '' then
    redis.call('HDEL', KEYS[1], name)
    redis.call('HDEL', KEYS[2], name)
    redis.call('ZREM', KEYS[4], name)
  else
    redis.call('HSET', KEYS[1], name, string.sub(version, 2))
    redis.call('HSET', KEYS[2], name, text)
    redis.call('ZADD', KEYS[4], 0, name)
  end
  if next == '' then
    redis.call('ZREM', KEYS[3], name)
  else
    redis.call('ZADD', KEYS[3], next, name)
  end
end

local applied = {}
for at = 2, #ARGV, 5 do
  local name, expected, version = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local found = redis.call('HGET', KEYS[1], name)
  local current = found and '=' .. found or ''
  if current ~= version and current == expected then
    write(name, version, ARGV[at + 3], ARGV[at + 4])
    current = version
  end
  applied[#applied + 1] = current == version and 1 or 0
end
return { now, applied }
`;

/** The step. */
export const changeEntries: Step = { name: "changeEntries", lua };

/** The twin of {@link changeEntries}. */
export const changeEntriesTwin: Twin = (call, keys, [plan = "", ...args]) => {
  const [versions = "", , , , planKey = ""] = keys;
  const now = clock(call);
  if (plan !== "") call("SET", planKey, plan.slice(1));
  const applied = changesIn(args).map((change) => {
    const found = call("HGET", versions, change.name);
    const current = found === null ? "" : `=${String(found)}`;
    if (current === change.version) return 1;
    if (current !== change.expected) return 0;
    write(call, keys, change);
    return 1;
  });
  return [now, applied];
};

/** A change, as the arguments have it. */
interface Change {
  readonly name: string;
  readonly expected: string;
  readonly version: string;
  readonly next: string;
  readonly text: string;
}

function changesIn(args: readonly string[]): readonly Change[] {
  return Array.from({ length: args.length / 5 }, (_, nth) => {
    const [name = "", expected = "", version = "", next = "", text = ""] = args.slice(nth * 5, nth * 5 + 5);
    return { name, expected, version, next, text };
  });
}

function write(call: RedisCall, keys: readonly string[], { name, version, next, text }: Change): void {
  const [versions = "", texts = "", due = "", names = ""] = keys;
  if (version === "") {
    call("HDEL", versions, name);
    call("HDEL", texts, name);
    call("ZREM", names, name);
  } else {
    call("HSET", versions, name, version.slice(1));
    call("HSET", texts, name, text);
    call("ZADD", names, 0, name);
  }
  if (next === "") call("ZREM", due, name);
  else call("ZADD", due, next, name);
}
