/**
 * Numbers of tasks and workers, for Prometheus: `npm install prom-client`. For processes that live for long, on Node, Bun or Deno.
 *
 * @module
 */

export { eventMetrics, metrics, metricsEndpoint } from "@umbel/prometheus";
export type {
  Cluster,
  EndpointOptions,
  EventMetrics,
  EventMetricsOptions,
  KnownTask,
  KnownWorker,
  MeasuredApplication,
  MetricsOptions,
  TaskMetrics,
} from "@umbel/prometheus";
