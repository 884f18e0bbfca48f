/**
 * From the states of a crawl's calls to how it stands.
 *
 * @module
 */

import type { ResultMeta } from "umbel";
import { type CrawlCall, endOf } from "./crawl-tree.ts";
import type { Progress, Trouble } from "./progress.ts";

/** A call and what is stored of it. */
export interface KnownCall {
  readonly call: CrawlCall;
  readonly meta: ResultMeta | undefined;
}

/** Says how a crawl stands. */
export function progressOf(id: string, calls: readonly KnownCall[]): Progress {
  const levels = calls.filter(({ call }) => call.url === undefined);
  const summary = levels.map(({ meta }) => endOf(meta)?.summary).find((each) => each !== undefined);
  const failed = levels.find(({ meta }) => isFailed(meta));
  const known = { id, tasks: countsOf(calls), troubles: calls.flatMap(troubleOf) };
  if (failed !== undefined) return { ...known, state: "FAILURE", error: errorOf(failed.meta) };
  return summary === undefined ? { ...known, state: "RUNNING" } : { ...known, state: "SUCCESS", summary };
}

/** In the order in which a page passes through them. */
const taskNames = ["demo.crawl", "demo.visit", "demo.extract", "demo.store", "demo.level"];

function countsOf(calls: readonly KnownCall[]): Progress["tasks"] {
  const counts: Record<string, Record<string, number>> = Object.fromEntries(taskNames.map((task) => [task, {}]));
  for (const { call, meta } of calls) {
    const states = (counts[call.task] ??= {});
    const state = meta?.status ?? "PENDING";
    states[state] = (states[state] ?? 0) + 1;
  }
  return counts;
}

/** A failed visit fails the later steps of its page with the same words: only the visit is told of. */
function troubleOf({ call, meta }: KnownCall): readonly Trouble[] {
  if (call.task !== "demo.visit" || call.url === undefined || meta === undefined) return [];
  if (meta.status !== "RETRY" && !isFailed(meta)) return [];
  return [{ url: call.url, state: meta.status, error: errorOf(meta) }];
}

function isFailed(meta: ResultMeta | undefined): boolean {
  return meta?.status === "FAILURE" || meta?.status === "REVOKED";
}

/** `PageError: the message`. */
function errorOf(meta: ResultMeta | undefined): string {
  const failure = meta?.result;
  if (typeof failure !== "object" || failure === null) return String(failure);
  const { exc_type: type, exc_message: message } = { exc_type: "Error", exc_message: "", ...failure };
  return `${type}: ${[message].flat().join(", ")}`;
}
