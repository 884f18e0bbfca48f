/**
 * Numbers of tasks and workers, for Prometheus.
 *
 * @module
 */

export {};
