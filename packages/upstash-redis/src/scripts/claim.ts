/**
 * Judges a delivery: gives it the task, or says why not (delivery.md 5 to 7).
 *
 * KEYS record, result; unless in a cluster: what is held; with notes: events, told, workers, what the worker says, what it has
 * begun, directives
 * ARGV retries, generation, token, lease, hard limit or '', expires or '', undeliverable 1 or 0, retention, started or '',
 * early 1 or 0, once 1 or 0, declined 1 or 0, canvas or ''; with notes: most events that are kept, a sighting (sight.ts), queue, task, what is shown of it or '', the
 * revision that is known or '', how many letters tell that it was received, these, and those that tell that it has begun
 * Answers `run`, `revoked`, `overdue`, `lost` with epoch and reason, which of `lost` is `paused` or empty; `done` with state
 * and effects; `leased` with what is left and for how long it has been running; `superseded`, with the state where it is untold;
 * `paused`. Of what is untold ` untold` stands behind the state. Then the revision and
 * the text of the directives, if it is not the one that is known: '' and '{}' where there are none any more.
 *
 * What its functions are for is said at those of the twins, which have the same names: here it would be in every worker's
 * bundle. Whom it gives the task is in hold.ts, what operators want in standing.ts.
 *
 * @module
 */

import { luaAside } from "./aside.ts";
import { type Answer, type Claiming, deliveryIn, notesIn } from "./claiming.ts";
import { clock, luaClock } from "./clock.ts";
import { luaHeld } from "./held.ts";
import { hold, luaHold } from "./hold.ts";
import { keep, luaKeep } from "./keep.ts";
import { attemptOf, isUntold, luaCanvases, luaRecord, readRecord } from "./record.ts";
import { luaShow } from "./show.ts";
import { luaSight, sight } from "./sight.ts";
import { directivesFor, luaStanding, standingIn } from "./standing.ts";
import type { Step, Twin } from "./step.ts";
import { tellingOf } from "./tell.ts";

const lua = `
local events, told, kept = KEYS[4], KEYS[5], ARGV[14]
${luaClock}${luaRecord}${luaCanvases}${luaAside}${luaKeep}${luaShow}${luaHeld}${luaSight}
local retries, generation, token, lease, hard, expires, undeliverable, retention, started, early, once, declined, canvas = unpack(ARGV, 1, 13)
${luaStanding}${luaHold}
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

local function done()
  return { 'done', record.state .. untold(canvas), record.effects }
end

local function tellAgain()
  if record.answer == 'run' and record.early == '' and record.hard ~= hard then
    local attempt = { retries, generation, token, record.answer, record.reason, record.start, hard }
    if record.canvas ~= '' then attempt[8], attempt[9] = '', record.canvas end
    redis.call('HSET', KEYS[1], 'attempt', cjson.encode(attempt))
  end
  return { record.answer, tonumber(record.epoch), record.reason }
end

local function claim()
  if record.token == '' then
    if record.state ~= '' then return done() end
    return hold(false)
  end
  local newer = order()
  if newer < 0 then
    local debt = untold(canvas)
    return { 'superseded', debt == '' and '' or record.state .. debt, '' }
  end
  if record.state ~= '' then
    if newer == 0 or closed() then return done() end
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

sight(15, token == record.token)
local answer = claim()
keep(KEYS[1], retention)
news(answer)
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

function claimFor(claiming: Claiming): Answer {
  const { delivery, record, now } = claiming;
  if (record.token === "") return record.state === "" ? hold(claiming, false) : doneOf(claiming);
  const newer = order(claiming);
  if (newer < 0) return supersededOf(claiming);
  if (record.state !== "") return newer === 0 || isClosed(claiming) ? doneOf(claiming) : hold(claiming, false);
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

function doneOf({ delivery: { canvas }, record }: Claiming): Answer {
  return ["done", `${record.state}${isUntold(record, canvas) ? " untold" : ""}`, record.effects];
}

function supersededOf({ delivery: { canvas }, record }: Claiming): Answer {
  return ["superseded", isUntold(record, canvas) ? `${record.state} untold` : "", ""];
}

function leasedOf({ record, now }: Claiming): Answer {
  return ["leased", Number(record.lease) - now, record.start === "" ? 0 : now - Number(record.start)];
}
