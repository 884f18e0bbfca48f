/**
 * The last look when a wait is over: at the result, or at why it has not come in time, as far as that can be told: which call
 * is waited for, how it stands, who should run it.
 *
 * @module
 */

import { isReady, type ResultMeta, TimeoutError } from "@umbel/protocol";
import type { ResultSource } from "./result-source.ts";
import type { SentCalls } from "./sent-calls.ts";

/** What was waited for, and how long. */
export interface Overdue {
  /** Calls, each before those that it waits for; the first is the one whose result is to be had. */
  readonly ids: readonly string[];
  readonly sent: SentCalls | undefined;
  readonly seconds: number;
}

/**
 * Looks once more when a wait is over: a store that is polled may have had the result since it was last asked. Returns that;
 * else throws a `TimeoutError` that names the earliest call that has not ended, as far as anybody keeps how it ends. A store
 * that does not answer within a second has told nothing: whoever waits has waited long enough.
 */
export async function lastLook(source: ResultSource, { ids, sent, seconds }: Overdue): Promise<ResultMeta> {
  const metas = (await readSoon(source, ids)) ?? [];
  const [waitedFor] = metas;
  if (hasEnded(waitedFor)) return waitedFor;
  const isSilent = (id: string | undefined) => id !== undefined && sent?.(id)?.silent === true;
  const late = ids.findLastIndex((id, nth) => nth === 0 || !(hasEnded(metas[nth]) || isSilent(id)));
  const { [late]: id = "", [late + 1]: before } = ids;
  const state = metas[late]?.status ?? "PENDING";
  const silent = isSilent(before)
    ? `, or ${named(before, sent, "the call")} before it, of which nobody keeps how it ends`
    : "";
  const who = state === "PENDING" ? hint(source) : "";
  throw new TimeoutError(
    `The operation timed out. ${named(id, sent)} is still ${state} after ${seconds} s${silent}${who}`,
  );
}

/** As logs name a call; one whose task nobody here knows, by its id. */
function named(id: string | undefined, sent: SentCalls | undefined, call = "The call"): string {
  const task = sent?.(id ?? "")?.task;
  return task === undefined ? `${call} ${id}` : `${task}[${id}]`;
}

/** What is stored under each id; undefined when the store does not tell within a second. */
export async function readSoon(
  source: ResultSource,
  ids: readonly string[],
): Promise<readonly (ResultMeta | undefined)[] | undefined> {
  return await soon(source, source.backend.read(ids));
}

/** Longest time for a last look, in seconds. */
const longest = 1;

/** What the store tells; undefined once there has been time enough. */
async function soon<Told>({ platform }: ResultSource, told: Promise<Told>): Promise<Told | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([told, platform.sleep(longest, timer.signal).then(nothing)]).catch(nothing);
  } finally {
    timer.abort();
  }
}

function nothing(): undefined {
  return undefined;
}

function hasEnded(meta: ResultMeta | undefined): meta is ResultMeta {
  return meta !== undefined && isReady(meta.status);
}

/** A program that only reads results has no broker, and does not know who runs tasks. */
function hint(source: ResultSource): string {
  try {
    return `: does a worker listen at ${source.broker.worker ?? "its queue"}?`;
  } catch {
    return "";
  }
}
