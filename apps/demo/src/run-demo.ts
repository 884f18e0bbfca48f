/**
 * The demo itself: starts the crawl, shows it, writes what it found, and judges it.
 *
 * @module
 */

import { relative } from "node:path";
import type { Progress } from "@umbel/app-web/progress";
import type { Summary } from "@umbel/app-worker/summary";
import { followCrawl, readPages, startCrawl, type StartedCrawl } from "./follow-crawl.ts";
import { hostFilesOf, writeHostFiles } from "./host-files.ts";
import { tableOf } from "./progress-table.ts";
import type { Screen } from "./screen.ts";
import type { Site } from "./site/site.ts";
import { faultsOf } from "./verdict.ts";

/** What the demo is about. */
export interface DemoOptions {
  /** Address of the web app. */
  readonly web: string;
  readonly url: string;
  /** The site, when it is our own. */
  readonly site: Site | undefined;
  /** Folder for the text files. */
  readonly out: string;
  readonly screen: Screen;
}

/** Runs the demo. Resolves with whether all went as it should; rejects when the crawl cannot be started or followed. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { web, url, site, out, screen } = options;
  const startedAt = Date.now();
  const crawl = await startCrawl(web, url, site?.limits ?? {});
  screen.say(`Crawling ${url}`, `Follow it at ${web}/?crawl=${crawl.id}`, "");
  const { summary, error } = await showUntilEnd(crawl, options);
  if (summary === undefined) {
    screen.say("", `The crawl failed: ${error ?? "it left no summary"}`);
    return false;
  }
  const files = await writeHostFiles(out, hostFilesOf(await readPages(web, crawl), summary));
  const faults = faultsOf(summary, site);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  screen.say(...reportOf(summary, { files, faults, seconds }));
  return faults.length === 0;
}

async function showUntilEnd(crawl: StartedCrawl, { web, screen }: DemoOptions): Promise<Progress> {
  let last: Progress = { id: crawl.id, state: "RUNNING", tasks: {}, troubles: [] };
  for await (const progress of followCrawl(web, crawl)) {
    last = progress;
    screen.show(tableOf(progress));
  }
  screen.settle();
  return last;
}

/** What was found, as lines. */
function reportOf(
  summary: Summary,
  { files, faults, seconds }: { files: readonly string[]; faults: readonly string[]; seconds: string },
): readonly string[] {
  const { pages, levels, links, images, retries, failures, rejected, skipped } = summary;
  return [
    "",
    `Done in ${seconds} s: ${pages} pages in ${levels} levels, ${links} links, ${images} images, ${retries} retries,`,
    `${failures.length} failed, ${rejected.length} rejected, ${skipped} left out by the limits.`,
    ...failures.map(({ error }) => `  failed    ${error}`),
    ...rejected.map(({ error }) => `  rejected  ${error}`),
    ...files.map((file) => `  written   ${relative(process.cwd(), file)}`),
    ...(faults.length === 0 ? [] : ["", "This is not as it should be:", ...faults.map((fault) => `  ${fault}`)]),
    "",
  ];
}
