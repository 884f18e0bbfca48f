/**
 * Judges a delivery: gives it the task, or says why not (delivery.md 5 to 7).
 *
 * KEYS record, result
 * ARGV retries, generation, token, lease, hard limit or '', expires or '', undeliverable 1 or 0, retention, started or '',
 * early 1 or 0
 * Answers `run`, `revoked`, `overdue`, `lost` with epoch and reason; `done` with state and effects; `leased` with what
 * is left and for how long it has been running; `superseded`.
 *
 * What its functions are for is said at those of the twin, which have the same names: here it would be in every worker's
 * bundle.
 *
 * @module
 */

import type { RedisCall, RedisReply } from "@umbel/protocol";
import { clock, luaClock } from "./clock.ts";
import { keep, luaKeep } from "./keep.ts";
import type { TaskRecord } from "./record.ts";
import { attemptOf, luaRecord, readRecord } from "./record.ts";
import { luaShow, show } from "./show.ts";
import type { Step, Twin } from "./step.ts";

const lua = `${luaClock}${luaRecord}${luaKeep}${luaShow}
local retries, generation, token, lease, hard, expires, undeliverable, retention, started, early = unpack(ARGV)

local function order()
  if retries ~= record.retries then return retries - record.retries end
  return generation - record.generation
end

local function closed()
  if record.state == 'SUCCESS' or record.state == 'IGNORED' then return true end
  if record.state ~= 'FAILURE' and record.state ~= 'REVOKED' then return false end
  if record.mark ~= '' then return true end
  return tonumber(generation) <= tonumber(record.generation)
end

local function judge(begun)
  if begun and record.hard ~= '' and now >= record.start + record.hard then return 'overdue', '' end
  if begun and undeliverable == '1' then return 'lost', '' end
  if record.mark ~= '' then return 'revoked', record.mark end
  if not begun and expires ~= '' and tonumber(expires) <= now then return 'revoked', 'expired' end
  if undeliverable == '1' then return 'lost', '' end
  return 'run', ''
end

local function hold(gone)
  local answer, reason = judge(gone and record.start ~= '')
  local epoch, start, limit = 0, '', ''
  if gone then epoch, start, limit = record.epoch + 1, record.start, record.hard end
  if answer == 'run' and early ~= '1' then start, limit = string.format('%.0f', now), hard end
  local attempt = cjson.encode({ retries, generation, token, answer, reason, start, limit })
  redis.call('HSET', KEYS[1], 'attempt', attempt, 'epoch', epoch, 'lease', now + lease)
  if record.state ~= '' then redis.call('HDEL', KEYS[1], 'state', 'effects') end
  if answer == 'run' then show(KEYS[2], started, retention) end
  return { answer, epoch, reason }
end

local function claim()
  if record.token == '' then
    if record.state ~= '' then return { 'done', record.state, record.effects } end
    return hold(false)
  end
  local newer = order()
  if newer < 0 then return { 'superseded' } end
  if record.state ~= '' then
    if newer == 0 or closed() then return { 'done', record.state, record.effects } end
    return hold(false)
  end
  if newer == 0 and token == record.token then return { record.answer, tonumber(record.epoch), record.reason } end
  if now < tonumber(record.lease) then
    local running = 0
    if record.start ~= '' then running = now - record.start end
    return { 'leased', record.lease - now, running }
  end
  return hold(newer == 0)
end

local answer = claim()
keep(KEYS[1], retention)
return answer
`;

/** The step. */
export const claim: Step = { name: "claim", lua };

/** The twin of {@link claim}. */
export const claimTwin: Twin = (call, [recordKey = "", resultKey = ""], args) => {
  const now = clock(call);
  const delivery = deliveryIn(args);
  const record = readRecord(call, recordKey);
  const answer = claimFor({ call, recordKey, resultKey, delivery, record, now });
  keep(call, recordKey, delivery.retention);
  return answer;
};

/** The arguments by name; numbers are decimals, `hard`, `expires` and `started` may be empty. */
function deliveryIn(args: readonly string[]) {
  const [retries = "", generation = "", token = "", lease = "", hard = "", expires = ""] = args;
  const [undeliverable, retention = "", started = "", early] = args.slice(6);
  const is = { undeliverable: undeliverable === "1", early: early === "1" };
  return { retries, generation, token, lease, hard, expires, retention, started, ...is };
}

interface Claiming {
  readonly call: RedisCall;
  readonly recordKey: string;
  readonly resultKey: string;
  readonly delivery: ReturnType<typeof deliveryIn>;
  readonly record: TaskRecord;
  readonly now: number;
}

function claimFor(claiming: Claiming): RedisReply {
  const { delivery, record, now } = claiming;
  if (record.token === "") return record.state === "" ? hold(claiming, false) : doneOf(record);
  const newer = order(claiming);
  if (newer < 0) return ["superseded"];
  if (record.state !== "") return newer === 0 || isClosed(claiming) ? doneOf(record) : hold(claiming, false);
  if (newer === 0 && delivery.token === record.token) return [record.answer, Number(record.epoch), record.reason];
  if (now < Number(record.lease)) return leasedOf(claiming);
  return hold(claiming, newer === 0);
}

/** Negative: this delivery has been overtaken. Zero: it is of the holder's attempt. Positive: it is of a newer one. */
function order({ delivery, record }: Claiming): number {
  const byRetries = Number(delivery.retries) - Number(record.retries);
  return byRetries || Number(delivery.generation) - Number(record.generation);
}

/** Whether a newer delivery changes nothing: after success always, after a failure unless it is a replay of what is not revoked. */
function isClosed({ delivery, record }: Claiming): boolean {
  if (record.state === "SUCCESS" || record.state === "IGNORED") return true;
  if (record.state !== "FAILURE" && record.state !== "REVOKED") return false;
  return record.mark !== "" || Number(delivery.generation) <= Number(record.generation);
}

function doneOf({ state, effects }: TaskRecord): RedisReply {
  return ["done", state, effects];
}

function leasedOf({ record, now }: Claiming): RedisReply {
  return ["leased", Number(record.lease) - now, record.start === "" ? 0 : now - Number(record.start)];
}

/** Makes the claimant the holder: of a new attempt, or, one epoch higher, of one whose holder is gone. */
function hold(claiming: Claiming, gone: boolean): RedisReply {
  const { call, recordKey, resultKey, delivery, record, now } = claiming;
  const [answer, reason] = judge(claiming, gone && record.start !== "");
  const epoch = gone ? Number(record.epoch) + 1 : 0;
  const started = answer === "run";
  const before = gone ? record : { start: "", hard: "" };
  const { start, hard } = started && !delivery.early ? { start: String(now), hard: delivery.hard } : before;
  const { retries, generation, token } = delivery;
  const attempt = attemptOf({ retries, generation, token, answer, reason, start, hard });
  call("HSET", recordKey, "attempt", attempt, "epoch", epoch, "lease", now + Number(delivery.lease));
  if (record.state !== "") call("HDEL", recordKey, "state", "effects");
  if (started) show(call, resultKey, { text: delivery.started, milliseconds: delivery.retention });
  return [answer, epoch, reason];
}

/** What the new holder is to do, and why. Expiry counts only until the attempt has begun. */
function judge({ delivery, record, now }: Claiming, begun: boolean): readonly [answer: string, reason: string] {
  if (begun && isOverdue(record, now)) return ["overdue", ""];
  if (begun && delivery.undeliverable) return ["lost", ""];
  if (record.mark !== "") return ["revoked", record.mark];
  if (!begun && delivery.expires !== "" && Number(delivery.expires) <= now) return ["revoked", "expired"];
  return [delivery.undeliverable ? "lost" : "run", ""];
}

function isOverdue({ start, hard }: TaskRecord, now: number): boolean {
  return hard !== "" && now >= Number(start) + Number(hard);
}
