/**
 * The calls of a crawl, read off the ids that each level's result says it has sent (Celery's `children`).
 *
 * @module
 */

import { LevelEnd } from "@umbel/app-worker/summary";
import type { ResultMeta, ResultTuple } from "umbel";

/** One call of a crawl. */
export interface CrawlCall {
  readonly id: string;
  readonly task: string;
  /** The page that it is about; none for the calls that are about a level. */
  readonly url?: string;
}

/** The steps of a page's chain, last first: a tuple leads from a step to the one before it. */
const steps = ["demo.store", "demo.extract", "demo.visit"];

/** The call that starts a crawl. */
export function rootOf(id: string): CrawlCall {
  return { id, task: "demo.crawl" };
}

/** What a level left; undefined while it has left nothing. */
export function endOf(meta: ResultMeta | undefined): LevelEnd | undefined {
  if (meta?.status !== "SUCCESS") return undefined;
  const end = LevelEnd.safeParse(meta.result);
  return end.success ? end.data : undefined;
}

/** The calls that the crawl, or a level of it, has sent: a chain for each page, and the level's own end. */
export function callsOf(meta: ResultMeta | undefined): readonly CrawlCall[] {
  const [body] = meta?.children ?? [];
  const { frontier = [] } = endOf(meta) ?? {};
  if (body === undefined) return [];
  const [[id, header]] = body;
  const members = header?.[1] ?? [];
  return [...members.flatMap((member, index) => chainOf(member, frontier[index])), { id, task: "demo.level" }];
}

function chainOf(last: ResultTuple, url = ""): readonly CrawlCall[] {
  return lineOf(last).flatMap((id, index) => {
    const task = steps[index];
    return task === undefined ? [] : [{ id, task, url }];
  });
}

/** Ids from a step back to the first. */
function lineOf([[id, before]]: ResultTuple): readonly string[] {
  return before === null ? [id] : [id, ...lineOf(before)];
}
