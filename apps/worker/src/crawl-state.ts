/**
 * A crawl between two levels, as data, and the step from one level to the next. Pure: it fetches and sends nothing.
 *
 * @module
 */

import type { Collected, FailureData } from "umbel";
import { mostRetries, TemporaryPageError } from "./fetch-page.ts";
import type { CrawlLimits } from "./limits.ts";
import type { Page } from "./page.ts";
import type { Missed, Summary } from "./summary.ts";

/** A crawl between two levels. */
export interface CrawlState {
  readonly limits: CrawlLimits;
  /** The pages of this level, none of which was in an earlier one. */
  readonly frontier: readonly string[];
  /** Every page that has been in a level, this one included. */
  readonly seen: readonly string[];
  readonly found: Summary;
}

/** A crawl at its first level. */
export function openCrawl(address: string, limits: Partial<CrawlLimits> = {}): CrawlState {
  const { maxPages = 60, maxLevels = 10, hosts = [] } = limits;
  const { href: url, host } = withoutFragment(address);
  const nothing = { pages: 0, links: 0, images: 0, retries: 0, failures: [], rejected: [], skipped: 0 };
  return {
    limits: { maxPages, maxLevels, hosts: [host, ...hosts] },
    frontier: [url],
    seen: [url],
    found: { url, levels: 1, ...nothing },
  };
}

/** The next level, from what became of this one's pages. Its frontier is empty after the last. */
export function advance(state: CrawlState, ends: readonly Collected<Page>[]): CrawlState {
  const pages = ends.flatMap((end) => (end.state === "SUCCESS" ? [end.result] : []));
  const limits = state.found.levels === 1 ? withHostsOf(state.limits, pages) : state.limits;
  const seen = new Set([...state.seen, ...pages.map((page) => page.url)]);
  const fresh = new Set(pages.flatMap((page) => page.links).filter((link) => isWanted(link, limits, seen)));

  const room = state.found.levels < limits.maxLevels ? Math.max(0, limits.maxPages - state.seen.length) : 0;
  const frontier = [...fresh].slice(0, room);
  const found = tally(state, ends, pages);
  return {
    limits,
    frontier,
    seen: [...seen, ...frontier],
    found: {
      ...found,
      levels: found.levels + (frontier.length > 0 ? 1 : 0),
      skipped: found.skipped + fresh.size - frontier.length,
    },
  };
}

/** What a crawl found, once its frontier is empty. */
export function summaryOf(state: CrawlState): Summary {
  return state.found;
}

function isWanted(link: string, { hosts }: CrawlLimits, seen: ReadonlySet<string>): boolean {
  return hosts.includes(new URL(link).host) && !seen.has(link);
}

/** A site that redirects its first page to another host means that host. */
function withHostsOf(limits: CrawlLimits, pages: readonly Page[]): CrawlLimits {
  return { ...limits, hosts: [...new Set([...limits.hosts, ...pages.map((page) => new URL(page.url).host)])] };
}

function tally({ found, frontier }: CrawlState, ends: readonly Collected<Page>[], pages: readonly Page[]): Summary {
  const missed = ends.flatMap((end, index) => (end.state === "SUCCESS" ? [] : [missedOf(end.error, frontier[index])]));
  return {
    ...found,
    pages: found.pages + pages.length,
    links: found.links + sum(pages.map((page) => page.links.length)),
    images: found.images + sum(pages.map((page) => page.images.length)),
    retries: found.retries + sum(pages.map((page) => page.retries)) + sum(missed.map((each) => each.retries)),
    failures: [...found.failures, ...missed.filter((each) => !each.isRejected).map(shown)],
    rejected: [...found.rejected, ...missed.filter((each) => each.isRejected).map(shown)],
  };
}

/** What a visit fails with that was tried again as often as it may be. */
const lastTry = new TemporaryPageError().name;

function missedOf({ exc_type: type, exc_message: message }: FailureData, url = "") {
  const retries = type === lastTry ? mostRetries : 0;
  return { url, error: [message].flat().join(", "), isRejected: type === "Reject", retries };
}

function shown({ url, error }: Missed): Missed {
  return { url, error };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function withoutFragment(address: string): URL {
  const url = new URL(address);
  url.hash = "";
  return url;
}
