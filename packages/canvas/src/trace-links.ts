/**
 * Which traces a chord's body comes from: those of all members, where a message has one in it (W3C Trace Context).
 *
 * The body's message is sent by whoever ends last, and belongs to that one's trace; the other members would be lost to sight.
 *
 * @module
 */

import type { ChordPart, TaskHeaders } from "@umbel/protocol";
import type { Call } from "./call.ts";

/** Most links of one body: as many as OpenTelemetry keeps of a span unless it is told otherwise. */
const mostLinks = 128;

/** Characters of a trace's parent in the form that is in use. A longer text from elsewhere is not kept for each member. */
const parentLength = 55;

/** The trace that a message belongs to, as its members' chord keeps it. */
export function traceOf({ traceparent }: TaskHeaders): Pick<ChordPart, "traceparent"> {
  return typeof traceparent === "string" && traceparent.length === parentLength ? { traceparent } : {};
}

/** The calls of a body, told by their header `trace_links` of the members' traces; as they are where there are none. */
export function linkedTo(parts: readonly ChordPart[], calls: readonly Call[]): readonly Call[] {
  const links = parts.flatMap(({ traceparent }) => traceparent ?? []).slice(0, mostLinks);
  if (links.length === 0) return calls;
  return calls.map((call) => {
    const headers = { ...call.options.headers, trace_links: links };
    return { ...call, options: { ...call.options, headers } };
  });
}
