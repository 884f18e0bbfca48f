/**
 * Numbers of tasks and workers, for Prometheus, by prom-client and the names of celery-exporter.
 *
 * ```ts
 * const { register } = metrics(app); // in a worker that lives for long
 * routes.get("/metrics", metricsEndpoint(register));
 * ```
 *
 * @module
 */

export type { Cluster, KnownTask, KnownWorker } from "./cluster.ts";
export { metricsEndpoint } from "./endpoint.ts";
export type { EndpointOptions } from "./endpoint.ts";
export { eventMetrics } from "./event-metrics.ts";
export type { EventMetrics, EventMetricsOptions } from "./event-metrics.ts";
export { metrics } from "./metrics.ts";
export type { MeasuredApplication, TaskMetrics } from "./metrics.ts";
export type { MetricsOptions } from "./series.ts";
