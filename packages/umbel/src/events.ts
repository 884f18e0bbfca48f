/**
 * What a cluster is doing, as its events tell it: ours, Celery's, or both on one Redis.
 *
 * @module
 */

export { LamportClock } from "@umbel/events";
