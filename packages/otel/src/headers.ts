/**
 * The headers of a message, as what carries the context of a span from process to process: those that OpenTelemetry's
 * instrumentation of Celery reads and writes, so that Python and TypeScript share traces.
 *
 * @module
 */

import { type Link, type TextMapGetter, type TextMapSetter } from "@opentelemetry/api";
import { readTraceparent } from "./trace-context.ts";

/** Any headers. */
export type Headers = Readonly<Record<string, unknown>>;

/** Headers are foreign data: what is no text is none of a propagator's. */
export const headersGetter: TextMapGetter<Headers> = {
  get(headers, name) {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return typeof value === "string" ? value : undefined;
  },
  keys: (headers) => Object.keys(headers),
};

/** Writes into the headers of a message that is about to be sent. */
export const headersSetter: TextMapSetter<Record<string, unknown>> = {
  set(headers, name, value) {
    headers[name] = value;
  },
};

/** As many as a span has by OpenTelemetry's defaults. */
const mostLinks = 128;

/** What the body of a chord comes from, besides the member that was the last. */
export function linksIn({ trace_links: links }: Headers): Link[] {
  if (!Array.isArray(links)) return [];
  return links.slice(0, mostLinks).flatMap((each) => {
    const context = readTraceparent(each);
    return context === undefined ? [] : [{ context }];
  });
}
