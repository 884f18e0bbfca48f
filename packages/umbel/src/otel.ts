/**
 * Spans of a task's life, by OpenTelemetry's API: `npm install @opentelemetry/api`, and an SDK where spans are to go somewhere.
 *
 * @module
 */

export { activeSpan, instrument } from "@umbel/otel";
export type { ActiveSpan, InstrumentedApplication, InstrumentOptions } from "@umbel/otel";
