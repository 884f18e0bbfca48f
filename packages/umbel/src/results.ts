/**
 * Results over HTTP: a Hono app that enqueues calls and serves their states.
 *
 * @module
 */

export { resultLinks, results, resultsReadiness } from "@umbel/worker";
export type { ResultLinks, ResultsOptions, ResultView } from "@umbel/worker";
