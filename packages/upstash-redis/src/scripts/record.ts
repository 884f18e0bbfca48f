/**
 * A task's record in the store: a hash whose absent fields are read as empty texts.
 *
 * @module
 */

import { isTerminal, type RedisCall } from "@umbel/protocol";
import { textsIn } from "./reply.ts";

/** What is kept of a task's deliveries. Numbers are in decimal, instants and durations in milliseconds. */
export interface TaskRecord {
  /** Fence of the holder; empty when the task was never claimed. */
  readonly retries: string;
  readonly generation: string;
  readonly epoch: string;
  /** The holder's; empty when the task was never claimed. */
  readonly token: string;
  /** What the holder was told to do, and why. */
  readonly answer: string;
  readonly reason: string;
  /** From this instant on another delivery may take over. */
  readonly lease: string;
  /** When the body was last started in this attempt; empty while it never was. */
  readonly start: string;
  /** Hard limit of that start; empty when there is none. */
  readonly hard: string;
  /** 1 when the message had come before its task was due; empty otherwise. */
  readonly early: string;
  /** The canvas of the holder's message; empty where nothing follows that. */
  readonly canvas: string;
  /** How the attempt ended, and what follows, as JSON; both empty while it runs. */
  readonly state: string;
  readonly effects: string;
  /** An operator's wish: `revoked`, `terminated`, or empty. It outlives attempts. */
  readonly mark: string;
  /** `paused` when it was refused so since it was last held; empty otherwise. */
  readonly paused: string;
  /** Those of the messages by which its attempts have ended, a space behind each; empty where nothing followed. */
  readonly canvases: string;
}

/** The fields of the hash. Those that change by themselves stand alone; the first has the others, as a list in JSON. */
const fields = ["attempt", "epoch", "lease", "state", "effects", "mark", "paused", "canvases"] as const;

/**
 * What {@link TaskRecord} has of the first field, in the order of its list: written by a claim, and as one. The last two are
 * absent unless the last of them that is there is set.
 */
const names = ["retries", "generation", "token", "answer", "reason", "start", "hard", "early", "canvas"] as const;

/** Lua: the record in KEYS[1] as `record`. */
export const luaRecord: string = `
local fields = { ${listed(fields)} }
local names = { ${listed(names)} }
local record = {}
for at, value in ipairs(redis.call('HMGET', KEYS[1], unpack(fields))) do
  record[fields[at]] = value or ''
end
local stored = record.attempt == '' and {} or cjson.decode(record.attempt)
for at, name in ipairs(names) do
  record[name] = stored[at] or ''
end
`;

/**
 * Lua: whether a canvas is among `known`, a text as `record.canvases` is, or none goes on, as `isAmong(canvas, known)`; and `untold(canvas)`,
 * ` untold` or nothing. With `record`.
 */
export const luaCanvases = `
local function isAmong(canvas, known)
  local function has(word)
    return string.find(' ' .. known, ' ' .. word, 1, true)
  end
  return canvas == '' or has(canvas .. ' ') or has(canvas .. '.') or has(string.match(canvas, '^[^.]*') .. ' ')
end

local function untold(canvas)
  local known = record.canvases
  if record.state == '' and record.canvas ~= '' then known = known .. record.canvas .. ' ' end
  if isAmong(canvas, known) then return '' end
  local waits = record.state == 'RETRY' or record.state == 'REJECTED' or record.state == 'REPLACED'
  if known == '' and not waits and record.effects ~= '' and record.effects ~= '[]' then return '' end
  return ' untold'
end
`;

/** A canvas (`c`) is each line in it (`c.l`), too. */
function isAmong(canvas: string, known: string): boolean {
  const [whole = ""] = canvas.split(".");
  return canvas === "" || [`${canvas} `, `${canvas}.`, `${whole} `].some((word) => ` ${known}`.includes(` ${word}`));
}

/**
 * Whether nobody who has ended an attempt, or holds one, tells what follows this delivery. Of an end that something follows
 * although no canvas is known an older version has kept the record: it was the delivery's, as far as can be known.
 */
export function isUntold({ state, effects, canvas: holders, canvases }: TaskRecord, canvas = ""): boolean {
  const known = state === "" && holders !== "" ? `${canvases}${holders} ` : canvases;
  if (isAmong(canvas, known)) return false;
  return known !== "" || effects === "" || effects === "[]" || !isTerminal(state);
}

/** Keeps, if it is not known, the canvas of a message by which an attempt has ended. */
export function keepCanvas(
  call: RedisCall,
  key: string,
  { record: { canvases }, canvas = "" }: { readonly record: TaskRecord; readonly canvas: string | undefined },
): void {
  if (!isAmong(canvas, canvases)) call("HSET", key, "canvases", `${canvases}${canvas} `);
}

function listed(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(", ");
}

/** The twin of {@link luaRecord}. */
export function readRecord(call: RedisCall, key: string): TaskRecord {
  const texts = textsIn(call("HMGET", key, ...fields));
  const [attempt = "", epoch = "", lease = "", state = "", effects = "", mark = "", paused = ""] = texts;
  const canvases = texts[fields.length - 1] ?? "";
  return { ...attemptIn(attempt), epoch, lease, state, effects, mark, paused, canvases };
}

/** What the first field has. */
type StoredAttempt = Pick<TaskRecord, (typeof names)[number]>;

/** Reads the first field, as {@link attemptOf} has written it. */
function attemptIn(text: string): StoredAttempt {
  const stored: readonly string[] = textsIn(JSON.parse(text || "[]"));
  const [retries = "", generation = "", token = "", ...told] = stored;
  return { retries, generation, token, ...toldIn(told) };
}

function toldIn([answer = "", reason = "", start = "", hard = "", early = "", canvas = ""]: readonly string[]) {
  return { answer, reason, start, hard, early, canvas };
}

/** The text of the first field. */
export function attemptOf(record: StoredAttempt): string {
  const words = names.map((name) => record[name]);
  if (record.canvas !== "") return JSON.stringify(words);
  return JSON.stringify(words.slice(0, record.early === "" ? -2 : -1));
}

/** Lua: whether the fence in ARGV[1] to ARGV[3] is the current one, as `current`. */
export const luaFence = `
local current = record.token ~= '' and record.retries == ARGV[1] and record.generation == ARGV[2] and record.epoch == ARGV[3]
`;

/** The twin of {@link luaFence}. */
export function isCurrent(record: TaskRecord, [retries, generation, epoch]: readonly string[]): boolean {
  if (record.token === "") return false;
  return record.retries === retries && record.generation === generation && record.epoch === epoch;
}
