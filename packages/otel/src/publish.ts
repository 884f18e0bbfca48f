/**
 * The spans of messages that are sent.
 *
 * @module
 */

import { context, type Context, type Span, SpanKind, trace } from "@opentelemetry/api";
import type { Outgoing, Steps } from "@umbel/core";
import { sendAttributes } from "./attributes.ts";
import { headersSetter, linksIn } from "./headers.ts";
import { tellError } from "./outcome.ts";
import { openTogether } from "./together.ts";
import type { Tools } from "./tools.ts";

type Publish = Steps["publish"];

interface Sending {
  readonly id: string;
  readonly span: Span;
  readonly within: Context;
}

/**
 * One span for each message, though many may go in one call: each is what its own worker's spans lie below. A message that is
 * sent alone is sent within its span.
 */
export async function publishSpans(
  tools: Tools,
  messages: Publish["about"],
  proceed: () => Promise<Publish["end"]>,
): Promise<void> {
  const together = openTogether(tools, messages);
  const sendings = messages.map((each) => start(tools, each, together.around(each)));
  const [first, ...others] = sendings;
  try {
    const alone = first !== undefined && others.length === 0;
    const refusals = await (alone ? context.with(first.within, proceed) : proceed());
    for (const { publication, error } of refusals) {
      const refused = sendings.find(({ id }) => id === publication.message.headers.id);
      if (refused !== undefined) tellError(refused.span, error);
    }
  } catch (error) {
    for (const { span } of sendings) tellError(span, error);
    for (const span of together.spans) tellError(span, error);
  } finally {
    for (const { span } of sendings) span.end();
    for (const span of together.spans) span.end();
  }
}

/** The body of a chord is linked to the messages of its members. */
function start(tools: Tools, { message: { headers }, queue }: Outgoing, around: Context): Sending {
  const { tracer, propagator, system } = tools;
  const attributes = sendAttributes({ headers, queue, system: system() });
  const name = `apply_async/${headers.task}`;
  const span = tracer.startSpan(name, { kind: SpanKind.PRODUCER, attributes, links: linksIn(headers) }, around);
  const within = trace.setSpan(around, span);
  propagator().inject(within, headers, headersSetter);
  return { id: headers.id, span, within };
}
