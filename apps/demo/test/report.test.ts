/** What the starter makes of a crawl: the table, the text files, the verdict. */

import type { Progress } from "@umbel/app-web/progress";
import type { Summary } from "@umbel/app-worker/summary";
import { describe, expect, it } from "vitest";
import { hostFilesOf } from "../src/host-files.ts";
import { tableOf } from "../src/progress-table.ts";
import { faultsOf } from "../src/verdict.ts";

const home = "http://127.0.0.1:8790/";
const site = {
  url: home,
  size: 3,
  limits: {},
  missing: `${home}missing`,
  nowhere: "http://nowhere.invalid/",
  unsteady: "/unsteady",
  visits: new Map([
    ["/", 1],
    ["/missing", 1],
    ["/unsteady", 3],
  ]),
  close: () => undefined,
};

/** The summary of a crawl of the site that went as it should, but for what a test changes. */
function summary(changes: Partial<Summary> = {}): Summary {
  const failures = [{ url: site.missing, error: "404" }];
  const rejected = [{ url: site.nowhere, error: "no such host" }];
  return {
    url: home,
    levels: 2,
    pages: 3,
    links: 3,
    images: 0,
    retries: 2,
    failures,
    rejected,
    skipped: 0,
    ...changes,
  };
}

describe("the table", () => {
  const progress: Progress = {
    id: "crawl",
    state: "RUNNING",
    tasks: { "demo.visit": { SUCCESS: 12, RETRY: 1, FAILURE: 1, REVOKED: 1 }, "demo.store": { PENDING: 15 } },
    troubles: [{ url: home, state: "RETRY", error: "TemporaryPageError: busy" }],
  };

  it("has a row for each task, a column for each state, and the pages that make trouble", () => {
    expect(tableOf(progress).lines).toEqual([
      "",
      "  task            pending  started    retry  success  failure",
      "  demo.visit            ·        ·        1       12        2",
      "  demo.store           15        ·        ·        ·        ·",
      "  RETRY    TemporaryPageError: busy",
    ]);
  });

  it("says the same in one line", () => {
    expect(tableOf(progress).short).toBe("visit 12/15 (1 retry, 1 failure)  store 0/15");
  });
});

describe("the text files", () => {
  const page = { url: home, links: [`${home}a`], images: [`${home}a.png`], retries: 0 };

  it("are one for each host, its pages in order, with what they link to and show", () => {
    const pages = [{ ...page, url: `${home}z`, links: [], images: [], retries: 2 }, page];

    expect(hostFilesOf(pages, summary({ failures: [] }))).toEqual([
      {
        name: "127.0.0.1_8790.txt",
        text: `${home}\n  link: ${home}a\n  image: ${home}a.png\n\n${home}z\n  answered after 2 retries\n`,
      },
      { name: "nowhere.invalid.txt", text: `${site.nowhere}\n  rejected: no such host\n` },
    ]);
  });

  it("name what failed", () => {
    expect(hostFilesOf([page], summary())[0]?.text).toContain(`${site.missing}\n  failed: 404\n`);
  });
});

describe("the verdict", () => {
  it("is good when exactly what is to go wrong has gone wrong", () => {
    expect(faultsOf(summary(), site)).toEqual([]);
  });

  it.each<[string, Partial<Summary>, RegExp]>([
    ["a page is not found", { pages: 2 }, /2 pages were found, the site has 3/],
    ["a retry is missing", { retries: 1 }, /1 retries/],
    ["another page fails", { failures: [{ url: `${home}a`, error: "boom" }, ...summary().failures] }, /a failed: boom/],
    ["the broken link is not seen", { failures: [] }, /missing/],
    ["the host is not rejected", { rejected: [] }, /nowhere\.invalid/],
  ])("is bad when %s", (_, changes, fault) => {
    expect(faultsOf(summary(changes), site)).toEqual([expect.stringMatching(fault)]);
  });

  it("is bad when a page is asked for twice", () => {
    const visits = new Map([...site.visits, ["/", 2] as const]);

    expect(faultsOf(summary(), { ...site, visits })).toEqual(["/ was asked for 2 times"]);
  });

  it("asks of another site only that it could be visited", () => {
    expect(faultsOf(summary({ retries: 0, failures: [], rejected: [] }), undefined)).toEqual([]);
    expect(faultsOf(summary({ pages: 0 }), undefined)).toEqual([`${home} could not be visited`]);
  });
});
