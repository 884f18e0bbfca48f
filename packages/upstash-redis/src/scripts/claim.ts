/**
 * Judges a delivery: gives it the task, or says why not (delivery.md 5 to 7).
 *
 * KEYS record, result; unless in a cluster: what is held; with notes: events, told, workers, what the worker says, what it has
 * begun, directives
 * ARGV retries, generation, token, lease, hard limit or '', expires or '', undeliverable 1 or 0, retention, started or '',
 * early 1 or 0; with notes: most events that are kept, a sighting (sight.ts), queue, task, what is shown of it or '', the
 * revision that is known or '', how many letters tell that it was received, these, and those that tell that it has begun
 * Answers `run`, `revoked`, `overdue`, `lost` with epoch and reason, which of `lost` is `paused` or empty; `done` with state
 * and effects; `leased` with what is left and for how long it has been running; `superseded`; `paused`. Then the revision and
 * the text of the directives, if it is not the one that is known: '' and '{}' where there are none any more.
 *
 * What its functions are for is said at those of the twin, which have the same names: here it would be in every worker's
 * bundle.
 *
 * @module
 */

import { clock, luaClock } from "./clock.ts";
import { held, luaHeld } from "./held.ts";
import { keep, luaKeep } from "./keep.ts";
import type { TaskRecord } from "./record.ts";
import { attemptOf, luaRecord, readRecord } from "./record.ts";
import { textsIn } from "./reply.ts";
import { luaShow, show } from "./show.ts";
import { countLife, luaSight, type Sighting, sight } from "./sight.ts";
import type { Step, Twin } from "./step.ts";
import { tell, tellingOf } from "./tell.ts";

const lua = `
local events, told, kept = KEYS[4], KEYS[5], ARGV[11]
${luaClock}${luaRecord}${luaKeep}${luaShow}${luaHeld}${luaSight}
local retries, generation, token, lease, hard, expires, undeliverable, retention, started, early = unpack(ARGV, 1, 10)
local revision, refused
if KEYS[9] then
  local said = redis.call('HMGET', KEYS[9], 'revision', 'queue:' .. ARGV[19], 'worker:' .. ARGV[12])
  revision, refused = said[1] or '', said[2] or said[3]
end

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

local function note(begins)
  if early ~= '1' then held(lease) end
  if not kept then return end
  if ARGV[21] ~= '' then redis.call('HSET', KEYS[1], 'about', ARGV[21]) end
  local rest = 24 + 2 * ARGV[23]
  tell(24, rest - 1)
  if not begins then return end
  tell(rest, #ARGV)
  if KEYS[8] then
    redis.call('HINCRBY', KEYS[8], ARGV[20], 1)
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
  local attempt = cjson.encode({ retries, generation, token, answer, reason, start, limit, early == '1' and '1' or nil })
  redis.call('HSET', KEYS[1], 'attempt', attempt, 'epoch', epoch, 'lease', now + lease)
  if record.state .. record.paused ~= '' then redis.call('HDEL', KEYS[1], 'state', 'effects', 'paused') end
  if answer == 'run' then show(KEYS[2], started, retention) end
  note(begins)
  return { answer, epoch, reason }
end

local function tellAgain()
  if record.answer == 'run' and record.early == '' and record.hard ~= hard then
    local attempt = { retries, generation, token, record.answer, record.reason, record.start, hard }
    redis.call('HSET', KEYS[1], 'attempt', cjson.encode(attempt))
  end
  return { record.answer, tonumber(record.epoch), record.reason }
end

local function claim()
  if record.token == '' then
    if record.state ~= '' then return { 'done', record.state, record.effects } end
    return hold(false)
  end
  local newer = order()
  if newer < 0 then return { 'superseded', '', '' } end
  if record.state ~= '' then
    if newer == 0 or closed() then return { 'done', record.state, record.effects } end
    return hold(false)
  end
  if newer == 0 and token == record.token then return tellAgain() end
  if now < tonumber(record.lease) then
    local running = 0
    if record.start ~= '' then running = now - record.start end
    return { 'leased', record.lease - now, running }
  end
  return hold(newer == 0)
end

sight(12, token == record.token)
local answer = claim()
keep(KEYS[1], retention)
if revision and revision ~= ARGV[22] then
  answer[4], answer[5] = revision, redis.call('HGET', KEYS[9], 'text') or '{}'
end
return answer
`;

/** The step. */
export const claim: Step = { name: "claim", lua };

/** The twin of {@link claim}. */
export const claimTwin: Twin = (call, keys, args) => {
  const [recordKey = ""] = keys;
  const now = clock(call);
  const delivery = deliveryIn(args);
  const record = readRecord(call, recordKey);
  const notes = notesIn(args);
  const again = delivery.token === record.token;
  const claiming = { ...tellingOf(call, keys, notes?.kept), keys, delivery, record, now, notes, again };
  const standing = standingIn(claiming);
  if (notes) sight(claiming, notes.sighting);
  const answer = claimFor({ ...claiming, ...standing });
  keep(call, recordKey, delivery.retention);
  return [...answer, ...directivesFor(claiming, standing.revision)];
};

/** The arguments by name; numbers are decimals, `hard`, `expires` and `started` may be empty. */
function deliveryIn(args: readonly string[]) {
  const [retries = "", generation = "", token = "", lease = "", hard = "", expires = ""] = args;
  const [undeliverable, retention = "", started = "", early] = args.slice(6);
  const is = { undeliverable: undeliverable === "1", early: early === "1" };
  return { retries, generation, token, lease, hard, expires, retention, started, ...is };
}

/** The arguments behind those. */
function notesIn(args: readonly string[]) {
  const [kept, worker = ""] = args.slice(10);
  if (kept === undefined) return undefined;
  const [queue = "", task = "", about = "", revision = "", count = ""] = args.slice(18);
  const letters = args.slice(23);
  const told = { received: letters.slice(0, Number(count) * 2), started: letters.slice(Number(count) * 2) };
  return { kept, worker, sighting: args.slice(11, 18), queue, task, about, revision, ...told };
}

interface Told extends Sighting {
  readonly delivery: ReturnType<typeof deliveryIn>;
  readonly record: TaskRecord;
  readonly notes: ReturnType<typeof notesIn>;
}

interface Claiming extends Told {
  /** Whether an operator wants nothing like it begun. */
  readonly refused: boolean;
}

/** In the order in which it is sent. */
type Answer = readonly (string | number)[];

/** What operators want: the revision of it, and whether they want nothing like this begun. */
interface Standing extends Pick<Claiming, "refused"> {
  /** Empty for none; undefined where nobody can want anything. */
  readonly revision: string | undefined;
}

function standingIn({ call, keys, notes }: Told): Standing {
  const [, , , , , , , , directives] = keys;
  if (directives === undefined || !notes) return { revision: undefined, refused: false };
  const fields = ["revision", `queue:${notes.queue}`, `worker:${notes.worker}`];
  const [revision = "", queue, worker] = textsIn(call("HMGET", directives, ...fields));
  return { revision, refused: queue !== "" || worker !== "" };
}

function directivesFor({ call, keys, notes }: Told, revision: string | undefined): readonly string[] {
  if (revision === undefined || revision === notes?.revision) return [];
  return [revision, String(call("HGET", keys[8] ?? "", "text") ?? "{}")];
}

function claimFor(claiming: Claiming): Answer {
  const { delivery, record, now } = claiming;
  if (record.token === "") return record.state === "" ? hold(claiming, false) : doneOf(record);
  const newer = order(claiming);
  if (newer < 0) return ["superseded", "", ""];
  if (record.state !== "") return newer === 0 || isClosed(claiming) ? doneOf(record) : hold(claiming, false);
  if (newer === 0 && delivery.token === record.token) return tellAgain(claiming);
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

/** The holder asks again: it is told the same. With another hard limit, that one counts for what it has begun. */
function tellAgain({ call, keys: [key = ""], delivery, record }: Claiming): Answer {
  const { hard } = delivery;
  const runs = record.answer === "run" && record.early === "";
  if (runs && record.hard !== hard) call("HSET", key, "attempt", attemptOf({ ...record, hard }));
  return [record.answer, Number(record.epoch), record.reason];
}

function doneOf({ state, effects }: TaskRecord): Answer {
  return ["done", state, effects];
}

function leasedOf({ record, now }: Claiming): Answer {
  return ["leased", Number(record.lease) - now, record.start === "" ? 0 : now - Number(record.start)];
}

/** Holds nothing of what is refused, but keeps that it was. */
function hold(claiming: Claiming, gone: boolean): Answer {
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
  const { retries, generation, token, lease } = delivery;
  const early = delivery.early ? "1" : "";
  const { answer, reason, epoch, start, hard } = holding;
  const attempt = attemptOf({ retries, generation, token, answer, reason, start, hard, early });
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
  call("HINCRBY", totals, notes.task, 1);
  call("PEXPIRE", totals, countLife);
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
