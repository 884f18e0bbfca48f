import type { Collected } from "umbel";
import { describe, expect, it } from "vitest";
import { advance, type CrawlState, openCrawl, summaryOf } from "../src/crawl-state.ts";
import type { Page } from "../src/page.ts";

const site = "http://site.test";

/** A page that was stored, with what it links to. */
function page(path: string, ...links: readonly string[]): Collected<Page> {
  const absolute = links.map((link) => new URL(link, site).href);
  return { state: "SUCCESS", result: { url: `${site}${path}`, links: absolute, images: [], retries: 0 } };
}

function failure(type: string, message: string): Collected<Page> {
  return { state: "FAILURE", error: { exc_type: type, exc_message: [message], exc_module: null } };
}

/** The state after the first page, which links to the others. */
function afterHome(limits: Parameters<typeof openCrawl>[1], ...links: readonly string[]): CrawlState {
  return advance(openCrawl(`${site}/`, limits), [page("/", ...links)]);
}

describe("the frontier", () => {
  it("begins with the first page, without its fragment", () => {
    expect(openCrawl(`${site}/start#top`).frontier).toEqual([`${site}/start`]);
  });

  it("holds the pages that were linked to, in order, each once", () => {
    const state = advance(afterHome({}, "/a", "/b"), [page("/a", "/c", "/d"), page("/b", "/d", "/e")]);

    expect(state.frontier).toEqual([`${site}/c`, `${site}/d`, `${site}/e`]);
  });

  it("holds no page that was in an earlier level", () => {
    const state = advance(afterHome({}, "/a", "/b"), [page("/a", "/", "/b"), page("/b", "/a")]);

    expect(state.frontier).toEqual([]);
  });

  it("holds no page that a redirect has led to already", () => {
    const state = advance(afterHome({}, "/old", "/b"), [page("/new"), page("/b", "/new")]);

    expect(state.frontier).toEqual([]);
  });

  it("holds pages of the site and of the hosts that are allowed, and no other", () => {
    const links = ["/a", "http://friend.test/", "http://stranger.test/", "http://site.test:81/"];

    expect(afterHome({ hosts: ["friend.test"] }, ...links).frontier).toEqual([`${site}/a`, "http://friend.test/"]);
  });

  it("follows a first page that redirects to another host", () => {
    const found = { url: "http://www.site.test/", links: ["http://www.site.test/a"], images: [], retries: 0 };
    const state = advance(openCrawl(`${site}/`), [{ state: "SUCCESS", result: found }]);

    expect(state.frontier).toEqual(["http://www.site.test/a"]);
  });

  it("ends at the most pages, and counts what it left out", () => {
    const state = afterHome({ maxPages: 3 }, "/a", "/b", "/c", "/d");

    expect(state.frontier).toEqual([`${site}/a`, `${site}/b`]);
    expect(summaryOf(state).skipped).toBe(2);
  });

  it("ends at the last level", () => {
    const state = afterHome({ maxLevels: 1 }, "/a");

    expect(state.frontier).toEqual([]);
    expect(summaryOf(state)).toMatchObject({ levels: 1, skipped: 1 });
  });
});

describe("the summary", () => {
  it("counts pages, links, images and retries of all levels", () => {
    const many = { url: `${site}/a`, links: [`${site}/`], images: [`${site}/a.png`], retries: 2 };
    const state = advance(afterHome({}, "/a"), [{ state: "SUCCESS", result: many }]);

    expect(summaryOf(state)).toEqual({
      url: `${site}/`,
      levels: 2,
      pages: 2,
      links: 2,
      images: 1,
      retries: 2,
      failures: [],
      rejected: [],
      skipped: 0,
    });
  });

  it("counts the retries of a page that was tried again in vain", () => {
    const state = advance(openCrawl(`${site}/`), [failure("TemporaryPageError", "503 Service Unavailable")]);

    expect(summaryOf(state)).toMatchObject({ retries: 3, failures: [{ error: "503 Service Unavailable" }] });
  });

  it("names the pages that failed and, apart, those that were rejected", () => {
    const state = advance(afterHome({}, "/a", "/b", "/c"), [
      failure("PageError", "404 Not Found"),
      page("/b"),
      failure("Reject", "There is no such host"),
    ]);

    expect(summaryOf(state)).toMatchObject({
      pages: 2,
      failures: [{ url: `${site}/a`, error: "404 Not Found" }],
      rejected: [{ url: `${site}/c`, error: "There is no such host" }],
    });
  });
});
