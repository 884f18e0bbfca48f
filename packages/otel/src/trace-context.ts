/**
 * W3C Trace Context: where a span is in its trace, as one line of text. It is what OpenTelemetry's own propagator writes, for
 * programs that have registered none, and what a chord's body is told of its members.
 *
 * @module
 */

import {
  type Context,
  createTraceState,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
  TraceFlags,
} from "@opentelemetry/api";

/** Version, trace, parent span, flags. A later version may say more after them; `ff` is none. */
const form = /^(?!ff)([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** Reads a `traceparent`; undefined for what is none. */
export function readTraceparent(text: unknown): SpanContext | undefined {
  const [, version, traceId = "", spanId = "", flags = "", more] =
    typeof text === "string" ? (form.exec(text) ?? []) : [];
  if (version === undefined || (version === "00" && more !== undefined)) return undefined;
  const read = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  return isSpanContextValid(read) ? read : undefined;
}

function writeTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, "0")}`;
}

/** Carries it in the headers `traceparent` and `tracestate`. */
export const traceContext: TextMapPropagator = {
  fields: () => ["traceparent", "tracestate"],

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const found = trace.getSpanContext(context);
    if (found === undefined || !isSpanContextValid(found)) return;
    setter.set(carrier, "traceparent", writeTraceparent(found));
    if (found.traceState !== undefined) setter.set(carrier, "tracestate", found.traceState.serialize());
  },

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const found = readTraceparent(getter.get(carrier, "traceparent"));
    if (found === undefined) return context;
    const state = getter.get(carrier, "tracestate");
    return trace.setSpanContext(
      context,
      typeof state === "string" ? { ...found, traceState: createTraceState(state) } : found,
    );
  },
};
