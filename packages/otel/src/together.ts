/**
 * The span around messages that are sent together: the members of a group, of a chord's header.
 *
 * @module
 */

import { context, type Context, isSpanContextValid, type Span, SpanKind, trace } from "@opentelemetry/api";
import type { Outgoing } from "@umbel/core";
import type { Tools } from "./tools.ts";

/** Spans that are open, and what lies within which. */
export interface Together {
  readonly spans: readonly Span[];
  /** In what the span of a message is to lie. */
  readonly around: (message: Outgoing) => Context;
}

/**
 * Opens one for each canvas of which there is more than one message, where they are sent outside of any span: each would begin a
 * trace of its own.
 */
export function openTogether(tools: Tools, messages: readonly Outgoing[]): Together {
  const active = context.active();
  const around = trace.getSpanContext(active);
  if (around !== undefined && isSpanContextValid(around)) return { spans: [], around: () => active };
  const opened = new Map<string, Span>();
  for (const [root, count] of counted(messages)) if (count > 1) opened.set(root, open(tools, root, count));
  return {
    spans: [...opened.values()],
    around: (message) => {
      const span = opened.get(rootOf(message));
      return span === undefined ? active : trace.setSpan(active, span);
    },
  };
}

function open({ tracer, system }: Tools, root: string, count: number): Span {
  const attributes = {
    "messaging.system": system(),
    "messaging.operation.name": "publish",
    "messaging.operation.type": "send",
    "messaging.message.conversation_id": root,
    "messaging.batch.message_count": count,
  };
  return tracer.startSpan("apply_async", { kind: SpanKind.INTERNAL, attributes });
}

/** How many messages there are of each root. */
function counted(messages: readonly Outgoing[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const each of messages) counts.set(rootOf(each), (counts.get(rootOf(each)) ?? 0) + 1);
  return counts;
}

function rootOf({ message: { headers } }: Outgoing): string {
  return headers.root_id ?? headers.id;
}
