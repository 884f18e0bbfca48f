/**
 * Spans of a task's life, by OpenTelemetry's API.
 *
 * @module
 */

export {};
