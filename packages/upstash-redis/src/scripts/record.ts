/**
 * A task's record in the store: a hash whose absent fields are read as empty texts.
 *
 * @module
 */

import type { RedisCall } from "@umbel/protocol";
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
  /** How the attempt ended, and what follows, as JSON; both empty while it runs. */
  readonly state: string;
  readonly effects: string;
  /** An operator's wish: `revoked`, `terminated`, or empty. It outlives attempts. */
  readonly mark: string;
  /** `paused` when it was refused so since it was last held; empty otherwise. */
  readonly paused: string;
  /** What followed the messages by which its attempts have ended, a space behind each; empty where nothing did. */
  readonly followers: string;
}

/** The fields of the hash. Those that change by themselves stand alone; the first has the others, as a list in JSON. */
const fields = ["attempt", "epoch", "lease", "state", "effects", "mark", "paused", "followers"] as const;

/**
 * What {@link TaskRecord} has of the first field, in the order of its list: written by a claim, and as one. The last is absent
 * unless it is set.
 */
const names = ["retries", "generation", "token", "answer", "reason", "start", "hard", "early"] as const;

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
 * Lua: whether what follows a delivery is among what followed those by which attempts have ended, or nothing follows it, as
 * `isKnown(followers)`. With `record`.
 */
export const luaFollowers = `
local function isKnown(followers)
  return followers == '' or string.find(' ' .. record.followers, ' ' .. followers .. ' ', 1, true)
end
`;

/** The twin of {@link luaFollowers}. */
export function isKnown(record: TaskRecord, followers: string): boolean {
  return followers === "" || ` ${record.followers}`.includes(` ${followers} `);
}

/** Keeps, if it is not known, what followed a message by which an attempt has ended. */
export function keepFollowers(
  call: RedisCall,
  key: string,
  kept: { readonly record: TaskRecord; readonly followers: string | undefined },
): void {
  const { record, followers = "" } = kept;
  if (!isKnown(record, followers)) call("HSET", key, "followers", `${record.followers}${followers} `);
}

function listed(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(", ");
}

/** The twin of {@link luaRecord}. */
export function readRecord(call: RedisCall, key: string): TaskRecord {
  const texts = textsIn(call("HMGET", key, ...fields));
  const [attempt = "", epoch = "", lease = "", state = "", effects = "", mark = "", paused = ""] = texts;
  const followers = texts[fields.length - 1] ?? "";
  return { ...attemptIn(attempt), epoch, lease, state, effects, mark, paused, followers };
}

/** What the first field has. */
type StoredAttempt = Pick<TaskRecord, (typeof names)[number]>;

/** Reads the first field, as {@link attemptOf} has written it. */
function attemptIn(text: string): StoredAttempt {
  const stored: readonly string[] = text === "" ? [] : textsIn(JSON.parse(text));
  const [retries = "", generation = "", token = "", answer = "", reason = "", start = "", hard = ""] = stored;
  const early = stored[names.length - 1] ?? "";
  return { retries, generation, token, answer, reason, start, hard, early };
}

/** The text of the first field. */
export function attemptOf(record: StoredAttempt): string {
  const words = names.map((name) => record[name]);
  return JSON.stringify(record.early === "" ? words.slice(0, -1) : words);
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
