/**
 * The demo's application and its tasks: a crawl, level by level.
 *
 * A level is a chord: a chain `visit -> extract -> store` for each page of it, and a body that starts the next level or
 * writes the summary. The chord collects, so that a page that fails is part of the summary and stops nothing.
 *
 * @module
 */

import { type BoundTask, chain, chord, type Collected, Reject, type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import * as z from "zod/mini";
import { advance, type CrawlState, openCrawl, summaryOf } from "./crawl-state.ts";
import { findLinks } from "./find-links.ts";
import { fetchPage, mostRetries, PageError, TemporaryPageError } from "./fetch-page.ts";
import { CrawlLimits } from "./limits.ts";
import type { Page, Visited } from "./page.ts";
import type { LevelEnd } from "./summary.ts";
import { type Whereabouts, whereabouts } from "./whereabouts.ts";

/** The application. Its settings come from the environment. */
export const app: Umbel = new Umbel("demo", {
  broker: qstash(),
  backend: upstash(),
  taskTrackStarted: true,
  workerLease: 10,
});

/** Fetches a page. Tries again what may pass; a host that does not exist is rejected. */
export const visit: Task<[url: string], Visited> = app.task(
  {
    name: "demo.visit",
    bind: true,
    args: z.tuple([z.url()]),
    autoretryFor: [TemporaryPageError],
    maxRetries: mostRetries,
    retryBackoff: true,
    retryBackoffMax: 4,
    retryJitter: false,
    throws: [PageError, Reject],
    softTimeLimit: 20,
    timeLimit: 30,
  },
  async (task: BoundTask, url: string) => ({ ...(await fetchPage(url, task.signal)), retries: task.request.retries }),
);

/** Finds what a page links to and shows. */
export const extract: Task<[visited: Visited], Page> = app.task("demo.extract", ({ url, html, retries }: Visited) => ({
  url,
  ...findLinks(html, url),
  retries,
}));

/** Keeps a page: what a task returns is kept in the backend, under the task's id. */
export const store: Task<[page: Page], Page> = app.task("demo.store", (page: Page) => page);

/** Ends a level: `ends` says what became of each of its pages, in the order of `state.frontier`. */
export const level: Task<[ends: readonly Collected<Page>[], state: CrawlState], LevelEnd> = app.task(
  { name: "demo.level", bind: true },
  async (task: BoundTask, ends: readonly Collected<Page>[], state: CrawlState): Promise<LevelEnd> => {
    const next = advance(state, ends);
    if (next.frontier.length === 0) return { frontier: [], summary: summaryOf(next) };
    return await startLevel(task, next);
  },
);

/** Crawls a site from one page on: visits each page once, and no host but the page's own and those in `limits`. */
export const crawl: Task<[url: string, limits?: Partial<CrawlLimits>], LevelEnd> = app.task(
  { name: "demo.crawl", bind: true, args: z.tuple([z.url(), z.prefault(CrawlLimits, {})]) },
  async (task: BoundTask, url: string, limits: Partial<CrawlLimits>) => await startLevel(task, openCrawl(url, limits)),
);

/** Tells that the schedule is alive. */
export const heartbeat: Task<[], string> = app.task({ name: "demo.heartbeat", bind: true }, (task: BoundTask) => {
  task.log.info("the schedule is alive");
  return new Date().toISOString();
});

/** Adds where it runs to where others have run: a chain of them is a journey, and a chord's body takes lists. */
export const stamp: Task<[stamps: readonly (Whereabouts | readonly Whereabouts[])[]], readonly Whereabouts[]> =
  app.task("demo.stamp", (stamps: readonly (Whereabouts | readonly Whereabouts[])[]) => [
    ...stamps.flat(),
    whereabouts(app.environment),
  ]);

/** Takes so many seconds, then says where. */
export const rest: Task<[seconds: number], Whereabouts> = app.task(
  { name: "demo.rest", bind: true, args: z.tuple([z.number()]) },
  async (task: BoundTask, seconds: number) => {
    await app.platform.sleep(seconds, task.signal);
    return whereabouts(app.environment);
  },
);

/** Starts a level as the running task's child, so that a repeated run starts the same one. */
async function startLevel(task: BoundTask, state: CrawlState): Promise<LevelEnd> {
  const pages = state.frontier.map((url) => chain(visit.s(url), extract.s(), store.s()));
  await task.delay(chord(pages, level.s(state), { onError: "collect" }));
  return { frontier: state.frontier };
}
