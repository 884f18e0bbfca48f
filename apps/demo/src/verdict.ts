/**
 * Whether the demo went as it should.
 *
 * @module
 */

import type { Missed, Summary } from "@umbel/app-worker/summary";
import type { Site } from "./site/site.ts";

/** What is wrong with a crawl, a sentence each; `site` when it was our own, of which everything is known. */
export function faultsOf(summary: Summary, site: Site | undefined): readonly string[] {
  if (site === undefined) return summary.pages === 0 ? [`${summary.url} could not be visited`] : [];
  return [
    ...(summary.pages === site.size ? [] : [`${summary.pages} pages were found, the site has ${site.size}`]),
    ...(summary.retries === 2 ? [] : [`${summary.retries} retries were counted; the unsteady page needs 2`]),
    ...differences("failed", summary.failures, [site.missing]),
    ...differences("was rejected", summary.rejected, [site.nowhere]),
    ...repeatedVisits(site),
  ];
}

function differences(what: string, missed: readonly Missed[], expected: readonly string[]): readonly string[] {
  const urls = new Set(missed.map(({ url }) => url));
  return [
    ...missed.filter(({ url }) => !expected.includes(url)).map(({ url, error }) => `${url} ${what}: ${error}`),
    ...expected.filter((url) => !urls.has(url)).map((url) => `${url} is missing among what ${what}`),
  ];
}

/** Each page is asked for once; the unsteady one twice more, which the retries account for. */
function repeatedVisits({ visits, unsteady }: Site): readonly string[] {
  return [...visits]
    .filter(([path, count]) => count !== (path === unsteady ? 3 : 1))
    .map(([path, count]) => `${path} was asked for ${count} times`);
}
