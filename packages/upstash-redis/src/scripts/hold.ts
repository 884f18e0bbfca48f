/**
 * Gives a task to whoever claims it: to run it, or to end it without running it.
 *
 * @module
 */

import { aside } from "./aside.ts";
import type { Answer, Claiming } from "./claiming.ts";
import { held } from "./held.ts";
import { attemptOf, type TaskRecord } from "./record.ts";
import { show } from "./show.ts";
import { countLife } from "./sight.ts";
import { tell } from "./tell.ts";

/**
 * Lua: `hold(gone)`: the answer; `gone`: it is taken over from a holder that is gone. With what claim.ts has before it. What the
 * functions are for is said at those of the twin, which have the same names.
 */
export const luaHold: string = `
local function judge(begun)
  if begun and record.hard ~= '' and now >= record.start + record.hard then return 'overdue', '' end
  if begun and undeliverable == '1' then return 'lost', '' end
  if record.mark ~= '' then return 'revoked', record.mark end
  if not begun and expires ~= '' and tonumber(expires) <= now then return 'revoked', 'expired' end
  if undeliverable == '1' or begun and once == '1' then return 'lost', '' end
  return 'run', ''
end

local function note(begins)
  if early ~= '1' then held(lease) end
  if not kept then return end
  if ARGV[24] ~= '' then redis.call('HSET', KEYS[1], 'about', ARGV[24]) end
  local rest = 27 + 2 * ARGV[26]
  tell(27, rest - 1)
  if not begins then return end
  tell(rest, #ARGV)
  if KEYS[8] then
    aside('HINCRBY', KEYS[8], ARGV[23], 1)
    redis.call('PEXPIRE', KEYS[8], ${countLife})
  end
end

local function hold(gone)
  local answer, reason = judge(gone and record.start ~= '')
  if refused and answer == 'run' then
    redis.call('HSET', KEYS[1], 'paused', 'paused')
    return { 'paused', '', '' }
  end
  if answer == 'lost' and not gone then reason = record.paused end
  local epoch, start, limit = 0, '', ''
  if gone then epoch, start, limit = record.epoch + 1, record.start, record.hard end
  local begins = answer == 'run' and early ~= '1'
  if begins then start, limit = string.format('%.0f', now), hard end
  local attempt = { retries, generation, token, answer, reason, start, limit, early == '1' and '1' or nil }
  if canvas ~= '' then attempt[8], attempt[9] = early == '1' and '1' or '', canvas end
  redis.call('HSET', KEYS[1], 'attempt', cjson.encode(attempt), 'epoch', epoch, 'lease', now + lease)
  if record.state .. record.paused ~= '' then redis.call('HDEL', KEYS[1], 'state', 'effects', 'paused') end
  if answer == 'run' then show(KEYS[2], started, retention) end
  note(begins)
  return { answer, epoch, reason }
end
`;

/** The twin of {@link luaHold}. It holds nothing of what is refused, but keeps that it was. */
export function hold(claiming: Claiming, gone: boolean): Answer {
  const { call, keys, record, refused } = claiming;
  const [answer, why] = judge(claiming, gone && record.start !== "");
  if (refused && answer === "run") {
    call("HSET", keys[0] ?? "", "paused", "paused");
    return ["paused", "", ""];
  }
  return take(claiming, { answer, reason: answer === "lost" && !gone ? record.paused : why, gone });
}

/** What a claim is told, and whether it takes over from a holder that is gone. */
interface Taking {
  readonly answer: string;
  readonly reason: string;
  readonly gone: boolean;
}

/** Makes the claimant the holder: of a new attempt, or, one epoch higher, of one whose holder is gone. */
function take(claiming: Claiming, { answer, reason, gone }: Taking): Answer {
  const { call, keys, delivery, record } = claiming;
  const epoch = gone ? Number(record.epoch) + 1 : 0;
  const begins = answer === "run" && !delivery.early;
  write(claiming, { answer, reason, epoch, ...startOf(claiming, { begins, gone }) });
  const [, resultKey = ""] = keys;
  if (answer === "run") show(call, resultKey, { text: delivery.started, milliseconds: delivery.retention });
  note(claiming, begins);
  return [answer, epoch, reason];
}

interface Started {
  readonly start: string;
  readonly hard: string;
}

/** When the attempt has begun, and its hard limit. */
function startOf(
  { delivery, record, now }: Claiming,
  { begins, gone }: { readonly begins: boolean; readonly gone: boolean },
): Started {
  if (begins) return { start: String(now), hard: delivery.hard };
  return gone ? { start: record.start, hard: record.hard } : { start: "", hard: "" };
}

/** What changes of a record when it is claimed. */
interface Held extends Started {
  readonly answer: string;
  readonly reason: string;
  readonly epoch: number;
}

function write({ call, keys: [key = ""], delivery, record, now }: Claiming, holding: Held): void {
  const { retries, generation, token, lease, canvas } = delivery;
  const early = delivery.early ? "1" : "";
  const { answer, reason, epoch, start, hard } = holding;
  const attempt = attemptOf({ retries, generation, token, answer, reason, start, hard, early, canvas });
  call("HSET", key, "attempt", attempt, "epoch", epoch, "lease", now + Number(lease));
  if (record.state + record.paused !== "") call("HDEL", key, "state", "effects", "paused");
}

/** Tells that a task is held, and what begins. */
function note(claiming: Claiming, begins: boolean): void {
  const { call, keys, delivery, notes, now } = claiming;
  const [recordKey = "", , , , , , , totals] = keys;
  if (!delivery.early) held(call, keys, now + Number(delivery.lease));
  if (!notes) return;
  if (notes.about !== "") call("HSET", recordKey, "about", notes.about);
  tell(claiming, notes.received);
  if (!begins) return;
  tell(claiming, notes.started);
  if (totals === undefined) return;
  aside(call)("HINCRBY", totals, notes.task, 1);
  call("PEXPIRE", totals, countLife);
}

/** What the new holder is to do, and why. Expiry counts only until the attempt has begun. */
function judge({ delivery, record, now }: Claiming, begun: boolean): readonly [answer: string, reason: string] {
  if (begun && isOverdue(record, now)) return ["overdue", ""];
  if (begun && delivery.undeliverable) return ["lost", ""];
  if (record.mark !== "") return ["revoked", record.mark];
  if (!begun && delivery.expires !== "" && Number(delivery.expires) <= now) return ["revoked", "expired"];
  return [mayBegin(delivery, begun) ? "run" : "lost", ""];
}

/** Not where nobody will deliver it again, nor a second time what may be begun once. */
function mayBegin({ undeliverable, once }: Claiming["delivery"], begun: boolean): boolean {
  return !undeliverable && !(begun && once);
}

function isOverdue({ start, hard }: TaskRecord, now: number): boolean {
  return hard !== "" && now >= Number(start) + Number(hard);
}
