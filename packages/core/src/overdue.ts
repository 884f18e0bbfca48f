/**
 * Why a result has not come in time, as far as it can be told: which call is waited for, how it stands, who should run it.
 *
 * @module
 */

import { isReady, TimeoutError } from "@umbel/protocol";
import type { ResultSource } from "./result-source.ts";
import type { SentCalls } from "./sent-calls.ts";

/** What was waited for, and how long. */
export interface Overdue {
  /** Calls, each before those that it waits for. */
  readonly ids: readonly string[];
  readonly sent: SentCalls | undefined;
  readonly seconds: number;
}

/**
 * The error for a wait that is over: it names the earliest call that has not ended. Asks the store once; one that does not
 * answer has told nothing.
 */
export async function overdue(source: ResultSource, { ids, sent, seconds }: Overdue): Promise<TimeoutError> {
  const metas = await source.backend.read(ids).catch(() => []);
  const states = ids.map((_, index) => metas[index]?.status ?? "PENDING");
  const late = Math.max(
    0,
    states.findLastIndex((state) => !isReady(state)),
  );
  const [id = "", state = ""] = [ids[late], states[late]];
  const task = sent?.(id)?.task ?? "";
  return new TimeoutError(
    `${task}[${id}] is still ${state} after ${seconds} s${state === "PENDING" ? hint(source) : ""}`,
  );
}

/** A program that only reads results has no broker, and does not know who runs tasks. */
function hint(source: ResultSource): string {
  try {
    return `: does a worker listen at ${source.broker.worker ?? "its queue"}?`;
  } catch {
    return "";
  }
}
