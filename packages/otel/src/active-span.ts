/**
 * The span in which something happens, as log lines tell it.
 *
 * @module
 */

import { isSpanContextValid, trace } from "@opentelemetry/api";

/** Ids of a span in hexadecimal digits, as OpenTelemetry writes them. */
export interface ActiveSpan {
  readonly traceId: string;
  readonly spanId: string;
}

/** The span that is active where this is called; nothing where there is none: `jsonLog({ also: activeSpan })`. */
export function activeSpan(): Partial<ActiveSpan> {
  const found = trace.getActiveSpan()?.spanContext();
  if (found === undefined || !isSpanContextValid(found)) return {};
  const { traceId, spanId } = found;
  return { traceId, spanId };
}
