/**
 * Results over HTTP: a Hono app that enqueues calls and serves their states.
 *
 * @module
 */

export { results } from "@umbel/worker";
export type { ResultsOptions, ResultView } from "@umbel/worker";
