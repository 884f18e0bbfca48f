/**
 * What spans are made with.
 *
 * @module
 */

import type { TextMapPropagator, Tracer } from "@opentelemetry/api";

/** Of one application. */
export interface Tools {
  readonly tracer: Tracer;
  /** What is registered may change. */
  readonly propagator: () => TextMapPropagator;
  /** Name of the broker: an application connects to it when it is first needed. */
  readonly system: () => string;
}
