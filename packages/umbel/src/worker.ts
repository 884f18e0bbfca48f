/**
 * The worker: a Hono app that turns pushes into attempts.
 *
 * @module
 */

export { worker } from "@umbel/worker";
export type { WorkerOptions } from "@umbel/worker";
