/**
 * The worker's HTTP side: pushes become attempts, calls and results are served to the web.
 *
 * It acknowledges a push only after the outcome is stored and everything that follows has been published; or, where a task
 * asks for that, before it runs, when a guard looks after it.
 *
 * ```ts
 * export default { port: 8787, fetch: worker(app).fetch };
 * ```
 *
 * @module
 */

export type { BackgroundOptions } from "./background.ts";
export { eagerRuns } from "./eager.ts";
export type { EagerOptions } from "./eager.ts";
export type { WatchedOptions } from "./endpoint.ts";
export { resultLinks } from "./result-access.ts";
export type { ResultLinks } from "./result-access.ts";
export type { ResultView } from "./result-view.ts";
export { resultsReadiness } from "./results-readiness.ts";
export { results } from "./results.ts";
export type { ResultsOptions } from "./results.ts";
export { worker } from "./worker.ts";
export type { WorkerApplication, WorkerOptions } from "./worker.ts";
