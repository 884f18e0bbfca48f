/**
 * Spans of a task's life, by OpenTelemetry's API: whoever sends, runs and ends tasks is seen in one trace.
 *
 * It brings no SDK along, and records nothing where none is registered.
 *
 * ```ts
 * instrument(app);
 * ```
 *
 * @module
 */

export { activeSpan } from "./active-span.ts";
export type { ActiveSpan } from "./active-span.ts";
export { instrument } from "./instrument.ts";
export type { InstrumentedApplication, InstrumentOptions } from "./instrument.ts";
